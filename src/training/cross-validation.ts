import { calibrationError, fitTemperature, guess, logLoss, type Judged } from './calibration.js';
import { toFigures } from './figures.js';
import { fit, logitsOf, type Sample } from './fit.js';
import { FOLD_COUNT, type Folds } from './folds.js';
import type { Outcome } from './threshold.js';

/** Candidates for the weight of the data against the penalty, the most cautious first. */
export const C_CANDIDATES = [1, 3, 10, 30] as const;

/** What was found about one candidate. */
export interface Trial {
  readonly c: number;
  readonly temperature: number;
  /** Each sample as seen by the model that did not learn from its fold. */
  readonly judged: readonly Judged[];
}

/** The figures that a head carries. */
export interface HeldOutFigures {
  accuracy: number;
  macroF1: number;
  /** Expected calibration error. */
  ece: number;
  n: number;
}

/**
 * Tries the candidates and gives the one whose calibrated probabilities fit the held-out samples best (least
 * log loss, which is steadier than accuracy on few samples).
 * @param onFold called after each of C_CANDIDATES.length * FOLD_COUNT fits
 */
export function chooseC(
  samples: readonly Sample[],
  folds: Folds,
  labelCount: number,
  onFold: () => void,
): Trial {
  const trials = C_CANDIDATES.map((c): Trial => {
    const judged = crossValidate(samples, folds, { labelCount, c }, onFold);
    return { c, judged, temperature: fitTemperature(judged) };
  });
  return trials.reduce((best, trial) => (lossOf(trial) < lossOf(best) ? trial : best));
}

/** Judges every sample by a model fitted to the other folds; in the order of the samples. */
export function crossValidate(
  samples: readonly Sample[],
  folds: Folds,
  options: { labelCount: number; c: number },
  onFold: () => void,
): Judged[] {
  const judged = new Array<Judged>(samples.length);
  for (let fold = 0; fold < FOLD_COUNT; fold += 1) {
    const weights = fit(
      samples.filter((_, index) => folds[index] !== fold),
      options,
    );
    samples.forEach(({ features, label }, index) => {
      if (folds[index] === fold) judged[index] = { logits: logitsOf(weights, features), label };
    });
    onFold();
  }
  return judged;
}

/** How sure the models were of each sample, and whether they were right. */
export function outcomesOf(judged: readonly Judged[], temperature: number): Outcome[] {
  return judged.map(({ logits, label }) => {
    const { label: given, confidence } = guess(logits, temperature);
    return { confidence, right: given === label };
  });
}

/** The figures of judged samples at a temperature, rounded to four decimals. */
export function heldOutFigures(
  judged: readonly Judged[],
  temperature: number,
  labels: readonly string[],
): HeldOutFigures {
  const nameOf = (label: number): string => labels[label] ?? '';
  const figures = toFigures(
    judged.map(({ logits, label }) => ({
      expected: nameOf(label),
      given: nameOf(guess(logits, temperature).label),
    })),
  );
  return {
    accuracy: rounded(figures.accuracy),
    macroF1: rounded(figures.macroF1),
    ece: rounded(calibrationError(outcomesOf(judged, temperature))),
    n: figures.n,
  };
}

/** To four decimals, as figures are stored. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function lossOf({ judged, temperature }: Trial): number {
  return logLoss(judged, temperature);
}
