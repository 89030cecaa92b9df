/** The right label of a line and the label that it was given. */
export interface LabelPair {
  readonly expected: string;
  readonly given: string;
}

/** The figures of one label. */
export interface LabelFigures {
  readonly label: string;
  /** The share of right lines among those given this label; null if no line was given it. */
  readonly precision: number | null;
  /** The share of the lines with this right label that were given it; null if no line has it. */
  readonly recall: number | null;
  /** The harmonic mean of precision and recall; 0 if no line is right. */
  readonly f1: number;
  /** The number of lines with this right label. */
  readonly support: number;
}

/** The figures of a set of lines. */
export interface Figures {
  /** The number of lines. */
  readonly n: number;
  readonly accuracy: number;
  /** The mean recall of all labels with lines; each label has the same weight. */
  readonly balancedAccuracy: number;
  /** The mean F1 of all labels with lines. */
  readonly macroF1: number;
  readonly perLabel: readonly LabelFigures[];
}

/** Computes the figures. `perLabel` is sorted by name and includes labels that were given but have no lines. */
export function toFigures(pairs: readonly LabelPair[]): Figures {
  const support = countOf(pairs.map(({ expected }) => expected));
  const given = countOf(pairs.map((pair) => pair.given));
  const right = countOf(pairs.filter(isRight).map(({ expected }) => expected));
  const labels = [...new Set([...support.keys(), ...given.keys()])].sort();
  const perLabel = labels.map((label) => {
    const count = (counts: ReadonlyMap<string, number>): number => counts.get(label) ?? 0;
    return toLabelFigures(label, { support: count(support), given: count(given), right: count(right) });
  });
  const occurring = perLabel.filter((figures) => figures.support > 0);
  return {
    n: pairs.length,
    accuracy: accuracyOf(pairs),
    balancedAccuracy: mean(occurring.map(({ recall }) => recall ?? 0)),
    macroF1: mean(occurring.map(({ f1 }) => f1)),
    perLabel,
  };
}

/** Counts how often each value occurs. */
export function countOf<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** Returns the share of pairs that are right; 0 without pairs. */
export function accuracyOf(pairs: readonly LabelPair[]): number {
  return mean(pairs.map((pair) => (isRight(pair) ? 1 : 0)));
}

/** The figures of a part of the lines. */
export interface PartFigures {
  readonly lines: number;
  readonly accuracy: number;
  /** 95 % confidence interval of the accuracy (Wilson). */
  readonly accuracyInterval: Interval;
}

/** A range of shares, both ends from 0 to 1. */
export type Interval = readonly [low: number, high: number];

/** Computes the figures of a part of the lines. */
export function toPartFigures(pairs: readonly LabelPair[]): PartFigures {
  const accuracy = accuracyOf(pairs);
  return { lines: pairs.length, accuracy, accuracyInterval: wilsonInterval(accuracy, pairs.length) };
}

/** Returns the 95 % confidence interval of a share of n trials (Wilson score interval); [0, 1] if n is 0. */
export function wilsonInterval(share: number, n: number): Interval {
  if (n === 0) return [0, 1];
  const z = 1.959964;
  const spread = z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  const middle = share + z ** 2 / (2 * n);
  const scale = 1 + z ** 2 / n;
  return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)];
}

/** Returns the mean; 0 without values. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isRight({ expected, given }: LabelPair): boolean {
  return expected === given;
}

function toLabelFigures(
  label: string,
  { support, given, right }: Record<'support' | 'given' | 'right', number>,
): LabelFigures {
  return {
    label,
    precision: given === 0 ? null : right / given,
    recall: support === 0 ? null : right / support,
    f1: support + given === 0 ? 0 : (2 * right) / (support + given),
    support,
  };
}
