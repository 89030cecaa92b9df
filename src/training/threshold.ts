import type { CalibrationPoint } from '../evaluation/metrics/calibration-error.js';

/** A threshold, and its effect on the held-out examples that it was chosen from. */
export interface Threshold {
  /** Predictions with a lower confidence become Unclassified. */
  readonly threshold: number;
  /** The share of the examples that keep their label. */
  readonly coverage: number;
  /** The share of right labels among the kept ones. */
  readonly accuracy: number;
}

/** Upper bound for the share of examples whose label is withheld. */
const MAX_WITHHELD_SHARE = 0.05;

/** Upper bound for the threshold: a prediction with a confidence of 0.5 or more is more likely right than wrong. */
const MAX_THRESHOLD = 0.5;

/**
 * The least number of wrong labels among the withheld ones for each right one. With 2, the threshold depended on a few examples:
 * it changed from 0.36 to 0.26 between two sets of training lines.
 */
const WRONG_PER_RIGHT = 1.5;

/**
 * Chooses the confidence threshold as a point on the risk-coverage curve. Withholds the labels of the least confident
 * examples, as many as possible while three conditions hold:
 * - for two of the withheld labels that are right, at least three are wrong,
 * - at most 5 % of the examples lose their label,
 * - the threshold is at most 0.5.
 */
export function chooseThreshold(points: readonly CalibrationPoint[]): Threshold {
  const ascending = [...points].sort((a, b) => a.confidence - b.confidence);
  // Rounded down, so that the example that sets the threshold keeps its label.
  const threshold = Math.floor(Math.min(MAX_THRESHOLD, lowestKept(ascending)) * 1000) / 1000;
  const kept = points.filter(({ confidence }) => confidence >= threshold);
  const right = kept.filter((point) => point.right).length;
  return { threshold, coverage: kept.length / points.length, accuracy: right / kept.length };
}

/** A held-out prediction, with the share of known words in its template. */
export interface FamiliarityPoint extends CalibrationPoint {
  readonly knownShare: number;
}

/** Templates with a smaller share of known words are unfamiliar. */
const UNFAMILIAR_SHARE = 0.65;

/** The least share of right labels among the unfamiliar templates that keep their label. */
const UNFAMILIAR_ACCURACY = 0.9;

/** With fewer unfamiliar templates, their share of right labels says little. */
const MIN_UNFAMILIAR = 50;

/**
 * Chooses which labels of unfamiliar templates are withheld: those below the least confidence from which on nine in ten
 * labels are right. On foreign languages and unknown jargon, a confidence is worth less than on known words.
 */
export function chooseUnfamiliar(points: readonly FamiliarityPoint[]): {
  knownShare: number;
  confidence: number;
} {
  const descending = points
    .filter(({ knownShare }) => knownShare < UNFAMILIAR_SHARE)
    .sort((a, b) => b.confidence - a.confidence);
  if (descending.length < MIN_UNFAMILIAR) {
    return { knownShare: UNFAMILIAR_SHARE, confidence: UNFAMILIAR_ACCURACY };
  }
  let [right, least] = [0, 1];
  for (const [index, point] of descending.entries()) {
    if (point.right) right += 1;
    if (right >= UNFAMILIAR_ACCURACY * (index + 1)) least = point.confidence;
  }
  return { knownShare: UNFAMILIAR_SHARE, confidence: Math.floor(least * 1000) / 1000 };
}

/** The confidence of the first example that keeps its label. */
function lowestKept(ascending: readonly CalibrationPoint[]): number {
  let [right, withheld] = [0, 0];
  const candidates = ascending.slice(0, Math.floor(MAX_WITHHELD_SHARE * ascending.length));
  for (const [index, point] of candidates.entries()) {
    if (point.right) right += 1;
    if (index + 1 - right >= WRONG_PER_RIGHT * right) withheld = index + 1;
  }
  return ascending[withheld]?.confidence ?? 0;
}
