/** An example that was not learnt from, as a model sees it. */
export interface ScoredExample {
  /** One number for each label; the largest wins. */
  readonly logits: Float64Array;
  /** Index of the true label. */
  readonly label: number;
}

/** A label's index and its calibrated probability. */
export interface LabelIndexPrediction {
  readonly label: number;
  readonly confidence: number;
}

/** Between which temperatures to look; wide enough for data that is learnt without an error. */
const TEMPERATURES = { min: 0.05, max: 20 } as const;
const SEARCH_STEPS = 60;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The temperature at which softmax(logits / T) fits the true labels best (least mean log loss), after Guo et
 * al. 2017, "On Calibration of Modern Neural Networks". One number for all labels never changes which label
 * wins, so that ml-logistic-regression, which reads the weights alone, gives the same labels. Found by golden-
 * section search: the loss has a single minimum. Rounded to four digits, as it is stored.
 */
export function fitTemperature(judged: readonly ScoredExample[]): number {
  let low = Math.log(TEMPERATURES.min);
  let high = Math.log(TEMPERATURES.max);
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (logLoss(judged, Math.exp(left)) <= logLoss(judged, Math.exp(right))) high = right;
    else low = left;
  }
  return Number(Math.exp((low + high) / 2).toPrecision(4));
}

/** The mean of -log(probability of the true label) at a temperature; smaller is better. */
export function logLoss(judged: readonly ScoredExample[], temperature: number): number {
  let sum = 0;
  for (const { logits, label } of judged) {
    const top = Math.max(...logits);
    sum += Math.log(partition(logits, top, temperature)) - ((logits[label] ?? 0) - top) / temperature;
  }
  return sum / judged.length;
}

/** The label with the largest logit, and its probability at a temperature. */
export function predict(logits: Float64Array, temperature: number): LabelIndexPrediction {
  const top = Math.max(...logits);
  return { label: logits.indexOf(top), confidence: 1 / partition(logits, top, temperature) };
}

/** Softmax's divisor, with the top logit taken out so that nothing overflows. */
function partition(logits: Float64Array, top: number, temperature: number): number {
  let sum = 0;
  for (const logit of logits) sum += Math.exp((logit - top) / temperature);
  return sum;
}
