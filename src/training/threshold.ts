import type { CalibrationPoint } from '../evaluation/metrics/calibration-error.js';

export interface Threshold {
  /** Confidences under this are too low to claim a label. */
  readonly threshold: number;
  /** The share of the held-out examples that keep their label. */
  readonly coverage: number;
  /** How much of that is right. */
  readonly accuracy: number;
}

/** At most this share of lines like the training data's is turned away. */
const MAX_TURNED_AWAY = 0.05;

/** Nothing is turned away that is, by its calibrated confidence, more likely right than wrong. */
const MAX_THRESHOLD = 0.5;

/** Turning lines away must spare so many wrong labels for each right one that it costs. */
const WRONG_FOR_RIGHT = 2;

/**
 * Where to stop on the way down the risk-coverage curve. Lines are turned away from the least confident on, as
 * far as all of them together would have been wrong twice as often as right; but no more than one in twenty,
 * and none that is more likely right than wrong. On data that is easy to tell apart the last bound holds: it
 * keeps out what resembles nothing learnt.
 */
export function chooseThreshold(outcomes: readonly CalibrationPoint[]): Threshold {
  const ascending = [...outcomes].sort((a, b) => a.confidence - b.confidence);
  // Rounded down, so that the example that sets the bound keeps its label.
  const threshold = Math.floor(Math.min(MAX_THRESHOLD, lowestKept(ascending)) * 1000) / 1000;
  const kept = outcomes.filter(({ confidence }) => confidence >= threshold);
  const right = kept.filter((outcome) => outcome.right).length;
  return { threshold, coverage: kept.length / outcomes.length, accuracy: right / kept.length };
}

/** The confidence of the first example that keeps its label. */
function lowestKept(ascending: readonly CalibrationPoint[]): number {
  let [right, turnedAway] = [0, 0];
  for (const [index, outcome] of ascending
    .slice(0, Math.floor(MAX_TURNED_AWAY * ascending.length))
    .entries()) {
    if (outcome.right) right += 1;
    if (index + 1 - right >= WRONG_FOR_RIGHT * right) turnedAway = index + 1;
  }
  return ascending[turnedAway]?.confidence ?? 0;
}
