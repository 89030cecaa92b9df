/** A held-out example's confidence, and whether the label that it goes with is right. */
export interface Outcome {
  readonly confidence: number;
  readonly right: boolean;
}

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

/**
 * Where to stop on the way down the risk-coverage curve: lines are turned away from the least confident on, as
 * long as they are more likely wrong than right and no more than one in twenty. On data that is hard to tell
 * apart the second bound holds, on easy data the first, which there keeps out what resembles nothing learnt.
 */
export function chooseThreshold(outcomes: readonly Outcome[]): Threshold {
  const confidences = outcomes.map(({ confidence }) => confidence).sort((a, b) => a - b);
  const lowestKept = confidences[Math.floor(MAX_TURNED_AWAY * confidences.length)] ?? 0;
  // Rounded down, so that the example that sets the bound keeps its label.
  const threshold = Math.floor(Math.min(MAX_THRESHOLD, lowestKept) * 1000) / 1000;
  const kept = outcomes.filter(({ confidence }) => confidence >= threshold);
  const right = kept.filter((outcome) => outcome.right).length;
  return { threshold, coverage: kept.length / outcomes.length, accuracy: right / kept.length };
}
