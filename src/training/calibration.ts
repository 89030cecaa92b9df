import { groupBy } from './group-by.js';
import type { Outcome } from './threshold.js';

/** An example that was not learnt from, as a model sees it. */
export interface Judged {
  /** One number for each label; the largest wins. */
  readonly logits: Float64Array;
  /** Index of the true label. */
  readonly label: number;
}

/** A label's index and its calibrated probability. */
export interface Guess {
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
export function fitTemperature(judged: readonly Judged[]): number {
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
export function logLoss(judged: readonly Judged[], temperature: number): number {
  let sum = 0;
  for (const { logits, label } of judged) {
    const top = Math.max(...logits);
    sum += Math.log(partition(logits, top, temperature)) - ((logits[label] ?? 0) - top) / temperature;
  }
  return sum / judged.length;
}

/** The label with the largest logit, and its probability at a temperature. */
export function guess(logits: Float64Array, temperature: number): Guess {
  const top = Math.max(...logits);
  return { label: logits.indexOf(top), confidence: 1 / partition(logits, top, temperature) };
}

/** Softmax's divisor, with the top logit taken out so that nothing overflows. */
function partition(logits: Float64Array, top: number, temperature: number): number {
  let sum = 0;
  for (const logit of logits) sum += Math.exp((logit - top) / temperature);
  return sum;
}

/** Equal intervals of confidence that calibration is judged by. */
export const CONFIDENCE_BINS = 10;

/** Outcomes by the interval that their confidence lies in, counted from 0; the last one includes 1. */
export function binByConfidence(outcomes: readonly Outcome[]): Map<number, Outcome[]> {
  return groupBy(outcomes, ({ confidence }) =>
    Math.min(CONFIDENCE_BINS - 1, Math.floor(confidence * CONFIDENCE_BINS)),
  );
}

/**
 * The expected calibration error: by how much confidence and the share of right labels differ, on average over
 * ten equal intervals of confidence, each weighted by its examples. 0 is perfect; 0 of nothing.
 */
export function calibrationError(outcomes: readonly Outcome[]): number {
  let error = 0;
  for (const bin of binByConfidence(outcomes).values()) {
    const gaps = bin.map(({ confidence, right }) => confidence - (right ? 1 : 0));
    error += Math.abs(gaps.reduce((sum, gap) => sum + gap, 0));
  }
  return outcomes.length === 0 ? 0 : error / outcomes.length;
}
