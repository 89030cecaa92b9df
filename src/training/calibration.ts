/** A held-out example and the logits that a model computed for it. */
export interface ScoredExample {
  /** One logit for each label: `[labels]`. The label with the largest logit is predicted. */
  readonly logits: Float64Array;
  /** Index of the right label. */
  readonly label: number;
}

/** The index of a predicted label and its calibrated probability. */
export interface LabelIndexPrediction {
  readonly label: number;
  readonly confidence: number;
}

/** Range of the search. The lower end suits data on which the model makes no mistake. */
const TEMPERATURES = { min: 0.05, max: 20 } as const;
const SEARCH_STEPS = 60;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Finds the temperature T at which softmax(logits / T) has the least mean log loss (Guo et al. 2017, "On Calibration
 * of Modern Neural Networks"). Uses golden-section search, because the loss has a single minimum. A temperature does
 * not change which label wins, so ml-logistic-regression, which ignores it, predicts the same labels.
 * @returns the temperature, rounded to four significant digits
 */
export function fitTemperature(scored: readonly ScoredExample[]): number {
  let low = Math.log(TEMPERATURES.min);
  let high = Math.log(TEMPERATURES.max);
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (logLoss(scored, Math.exp(left)) <= logLoss(scored, Math.exp(right))) high = right;
    else low = left;
  }
  return Number(Math.exp((low + high) / 2).toPrecision(4));
}

/** Returns the mean of -log(probability of the right label) at a temperature. Smaller is better. */
export function logLoss(scored: readonly ScoredExample[], temperature: number): number {
  let sum = 0;
  for (const { logits, label } of scored) {
    const top = Math.max(...logits);
    sum += Math.log(partition(logits, top, temperature)) - ((logits[label] ?? 0) - top) / temperature;
  }
  return sum / scored.length;
}

/** Returns the label with the largest logit and its probability at a temperature. */
export function predict(logits: Float64Array, temperature: number): LabelIndexPrediction {
  const top = Math.max(...logits);
  return { label: logits.indexOf(top), confidence: 1 / partition(logits, top, temperature) };
}

/** The divisor of the softmax. The top logit is subtracted so that no exponential overflows. */
function partition(logits: Float64Array, top: number, temperature: number): number {
  let sum = 0;
  for (const logit of logits) sum += Math.exp((logit - top) / temperature);
  return sum;
}
