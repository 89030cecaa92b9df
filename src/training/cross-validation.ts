import { calibrationError, type CalibrationPoint } from '../evaluation/metrics/calibration-error.js';
import { toFigures } from '../evaluation/metrics/figures.js';
import { fitTemperature, logLoss, predict, type ScoredExample } from './calibration.js';
import type { LinearModel } from './features.js';
import { fit, logitsOf, type FitOptions, type Sample } from './fit.js';
import { FOLD_COUNT, type Split } from './folds.js';

/** Values of C to choose from, ascending. On a tie the smaller one wins. */
export const C_CANDIDATES = [0.3, 1, 3] as const;

/** The cross-validation result of one value of C. */
export interface CandidateResult {
  readonly c: number;
  readonly temperature: number;
  /** All samples in order, each scored by the model that was not fitted to its fold. */
  readonly scored: readonly ScoredExample[];
}

/** Figures of held-out examples, as a head's file stores them. */
export interface HeldOutFigures {
  accuracy: number;
  macroF1: number;
  /** Expected calibration error. */
  ece: number;
  /** The number of examples that were measured. */
  n: number;
  /** For each label the share of its examples that were predicted right; null if the label cannot be measured. */
  recall: Record<string, number | null>;
}

/** The size of the model, see FitOptions. */
type Size = Pick<FitOptions, 'labelCount' | 'width'>;

/** Returns all samples in order, as the model for a fold sees them. They differ by fold if encoders do. */
export type SamplesOfFold = (fold: number) => readonly Sample[];

/**
 * Cross-validates each value of C and returns the result with the least log loss on held-out samples. With few
 * samples, log loss varies less than accuracy.
 * @param options.cs the values of C, ascending
 * @param onFit called after each of `cs.length * FOLD_COUNT` fits
 */
export function chooseC(
  samples: SamplesOfFold,
  split: Split,
  { cs, ...size }: Size & { cs: readonly number[] },
  onFit: () => void,
): CandidateResult {
  const scoredByC = crossValidate(samples, split, { ...size, cs }, onFit);
  const measurableOf = (scored: readonly ScoredExample[]): ScoredExample[] =>
    scored.filter(({ label }) => !split.unmeasurable.has(label));
  const results = cs.map((c, index): CandidateResult => {
    const scored = scoredByC[index] ?? [];
    return { c, scored, temperature: fitTemperature(measurableOf(scored)) };
  });
  const lossOf = ({ scored, temperature }: CandidateResult): number =>
    logLoss(measurableOf(scored), temperature);
  return results.reduce((best, result) => (lossOf(result) < lossOf(best) ? result : best));
}

/**
 * Scores every sample with a model that was fitted to the other folds.
 * @param options.cs values of C, ascending; each fit starts from the model of the value before
 * @param onFit called after each of `cs.length * FOLD_COUNT` fits
 * @returns for each value of C the scored samples in order: `[cs][samples]`
 */
export function crossValidate(
  samplesOf: SamplesOfFold,
  { folds }: Split,
  { cs, ...size }: Size & { cs: readonly number[] },
  onFit: () => void,
): ScoredExample[][] {
  const scoredByC = cs.map(() => new Array<ScoredExample>(folds.length));
  for (let fold = 0; fold < FOLD_COUNT; fold += 1) {
    const samples = samplesOf(fold);
    const training = samples.filter((_, index) => folds[index] !== fold);
    let model: LinearModel | undefined;
    for (const [position, c] of cs.entries()) {
      const fitted = (model = fit(training, { ...size, c }, model));
      samples.forEach(({ features, label }, index) => {
        const scored = scoredByC[position];
        if (scored && folds[index] === fold) scored[index] = { logits: logitsOf(fitted, features), label };
      });
      onFit();
    }
  }
  return scoredByC;
}

/** The prediction for a held-out example. */
export interface HeldOutPrediction {
  /** The right label. */
  readonly expected: string;
  /** The predicted label. */
  readonly given: string;
  readonly confidence: number;
}

/** Returns the predictions for scored examples at a temperature, in order. */
export function toPredictions(
  scored: readonly ScoredExample[],
  temperature: number,
  labels: readonly string[],
): HeldOutPrediction[] {
  return scored.map(({ logits, label }) => {
    const { label: given, confidence } = predict(logits, temperature);
    return { expected: labels[label] ?? '', given: labels[given] ?? '', confidence };
  });
}

/** Returns the confidence of a prediction and whether it is right. */
export function toCalibrationPoint({ expected, given, confidence }: HeldOutPrediction): CalibrationPoint {
  return { confidence, right: expected === given };
}

/** Returns whether the right label of a prediction can be measured. */
export function measurable({ expected }: HeldOutPrediction, unmeasurable: ReadonlySet<string>): boolean {
  return !unmeasurable.has(expected);
}

/**
 * Computes figures from predictions, rounded to four decimals.
 * @param unmeasurable labels whose examples are left out; their recall is null
 */
export function heldOutFigures(
  predictions: readonly HeldOutPrediction[],
  unmeasurable: ReadonlySet<string> = new Set(),
): HeldOutFigures {
  const measured = predictions.filter((prediction) => measurable(prediction, unmeasurable));
  const { accuracy, macroF1, n, perLabel } = toFigures(measured);
  const recalls = new Map(perLabel.map(({ label, recall }) => [label, recall]));
  return {
    accuracy: rounded(accuracy),
    macroF1: rounded(macroF1),
    ece: rounded(calibrationError(measured.map(toCalibrationPoint))),
    n,
    recall: Object.fromEntries(
      [...recalls.keys(), ...unmeasurable].map((label) => {
        const recall = recalls.get(label) ?? null;
        return [label, recall === null ? null : rounded(recall)];
      }),
    ),
  };
}

/** Rounds a figure to four decimals, as heads store it. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
