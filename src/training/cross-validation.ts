import { calibrationError, type CalibrationPoint } from '../evaluation/metrics/calibration-error.js';
import { fitTemperature, logLoss, predict, type ScoredExample } from './calibration.js';
import { toFigures } from '../evaluation/metrics/figures.js';
import type { LinearModel } from './features.js';
import { fit, logitsOf, type FitOptions, type Sample } from './fit.js';
import { FOLD_COUNT, type Split } from './folds.js';

/** Candidates for the weight of the data against the penalty, the most cautious first. */
export const C_CANDIDATES = [1, 3, 10] as const;

/** What was found about one candidate. */
export interface CandidateResult {
  readonly c: number;
  readonly temperature: number;
  /** Each sample as seen by the model that did not learn from its fold, those of unjudged labels included. */
  readonly judged: readonly ScoredExample[];
}

/** The figures that a head carries. */
export interface HeldOutFigures {
  accuracy: number;
  macroF1: number;
  /** Expected calibration error. */
  ece: number;
  n: number;
  /** The share of each label's examples that was given it; null for a label that could not be judged. */
  recall: Record<string, number | null>;
}

/** The size of the model, see FitOptions. */
type Size = Pick<FitOptions, 'labelCount' | 'width'>;

/**
 * Tries the candidates and gives the one whose calibrated probabilities fit the held-out samples best (least
 * log loss, which is steadier than accuracy on few samples).
 * @param onFold called after each of C_CANDIDATES.length * FOLD_COUNT fits
 */
export function chooseC(
  samples: readonly Sample[],
  split: Split,
  size: Size,
  onFold: () => void,
): CandidateResult {
  const judgedBy = crossValidate(samples, split, { ...size, cs: C_CANDIDATES }, onFold);
  const counted = (judged: readonly ScoredExample[]): ScoredExample[] =>
    judged.filter(({ label }) => !split.unjudged.has(label));
  const trials = C_CANDIDATES.map((c, index): CandidateResult => {
    const judged = judgedBy[index] ?? [];
    return { c, judged, temperature: fitTemperature(counted(judged)) };
  });
  const lossOf = ({ judged, temperature }: CandidateResult): number => logLoss(counted(judged), temperature);
  return trials.reduce((best, trial) => (lossOf(trial) < lossOf(best) ? trial : best));
}

/**
 * Judges every sample by a model fitted to the other folds.
 * @param options.cs ascending: each fit starts from the one before
 * @returns for each c the samples in their order
 */
export function crossValidate(
  samples: readonly Sample[],
  { folds }: Split,
  { cs, ...size }: Size & { cs: readonly number[] },
  onFold: () => void,
): ScoredExample[][] {
  const judgedBy = cs.map(() => new Array<ScoredExample>(samples.length));
  for (let fold = 0; fold < FOLD_COUNT; fold += 1) {
    const learnt = samples.filter((_, index) => folds[index] !== fold);
    let model: LinearModel | undefined;
    for (const [position, c] of cs.entries()) {
      const fitted = (model = fit(learnt, { ...size, c }, model));
      samples.forEach(({ features, label }, index) => {
        const judged = judgedBy[position];
        if (judged && folds[index] === fold) judged[index] = { logits: logitsOf(fitted, features), label };
      });
      onFold();
    }
  }
  return judgedBy;
}

/** A held-out example's right label, the one that it was given, and how sure the model was of it. */
export interface Answer {
  readonly expected: string;
  readonly given: string;
  readonly confidence: number;
}

/** What was said of judged samples at a temperature. */
export function answersOf(
  judged: readonly ScoredExample[],
  temperature: number,
  labels: readonly string[],
): Answer[] {
  return judged.map(({ logits, label }) => {
    const { label: given, confidence } = predict(logits, temperature);
    return { expected: labels[label] ?? '', given: labels[given] ?? '', confidence };
  });
}

/** How sure the answers were, and whether they were right. */
export function toCalibrationPoints(answers: readonly Answer[]): CalibrationPoint[] {
  return answers.map(({ expected, given, confidence }) => ({ confidence, right: expected === given }));
}

/** The answers whose right label could be judged. */
export function judgedAnswers(answers: readonly Answer[], unjudged: ReadonlySet<string>): Answer[] {
  return answers.filter(({ expected }) => !unjudged.has(expected));
}

/**
 * The figures of answers, rounded to four decimals.
 * @param unjudged right labels whose answers do not count
 */
export function heldOutFigures(
  answers: readonly Answer[],
  unjudged: ReadonlySet<string> = new Set(),
): HeldOutFigures {
  const counted = judgedAnswers(answers, unjudged);
  const { accuracy, macroF1, n, perLabel } = toFigures(counted);
  const recalls = new Map(perLabel.map(({ label, recall }) => [label, recall]));
  return {
    accuracy: rounded(accuracy),
    macroF1: rounded(macroF1),
    ece: rounded(calibrationError(toCalibrationPoints(counted))),
    n,
    recall: Object.fromEntries(
      [...recalls.keys(), ...unjudged].map((label) => {
        const recall = recalls.get(label) ?? null;
        return [label, recall === null ? null : rounded(recall)];
      }),
    ),
  };
}

/** To four decimals, as figures are stored. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
