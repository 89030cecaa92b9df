/** The right label of a line and the one that it was given. */
export interface LabelPair {
  readonly expected: string;
  readonly given: string;
}

/** How one label fares. */
export interface LabelFigures {
  readonly label: string;
  /** Of the lines given this label, the share that should have it; null if none was given it. */
  readonly precision: number | null;
  /** Of the lines that should have this label, the share given it; null if there are none. */
  readonly recall: number | null;
  /** The harmonic mean of both, 0 when no line is right. */
  readonly f1: number;
  /** Lines that should have this label. */
  readonly support: number;
}

export interface Figures {
  readonly n: number;
  readonly accuracy: number;
  /** The mean recall of the labels that occur: each label counts alike. */
  readonly balancedAccuracy: number;
  /** The mean F1 of the labels that occur. */
  readonly macroF1: number;
  readonly perLabel: readonly LabelFigures[];
}

/** Counts verdicts. Labels are sorted by name; those that were given but are never right are among them. */
export function toFigures(verdicts: readonly LabelPair[]): Figures {
  const support = countOf(verdicts.map(({ expected }) => expected));
  const given = countOf(verdicts.map((verdict) => verdict.given));
  const right = countOf(verdicts.flatMap((verdict) => (isRight(verdict) ? [verdict.expected] : [])));
  const labels = [...new Set([...support.keys(), ...given.keys()])].sort();
  const perLabel = labels.map((label) => {
    const count = (counts: ReadonlyMap<string, number>): number => counts.get(label) ?? 0;
    return toLabelFigures(label, { support: count(support), given: count(given), right: count(right) });
  });
  const occurring = perLabel.filter((figures) => figures.support > 0);
  return {
    n: verdicts.length,
    accuracy: accuracyOf(verdicts),
    balancedAccuracy: mean(occurring.map(({ recall }) => recall ?? 0)),
    macroF1: mean(occurring.map(({ f1 }) => f1)),
    perLabel,
  };
}

/** How often each value is there. */
export function countOf<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The share of verdicts that are right; 0 of none. */
export function accuracyOf(verdicts: readonly LabelPair[]): number {
  return mean(verdicts.map((verdict) => (isRight(verdict) ? 1 : 0)));
}

/** How a part of the lines fares. */
export interface PartFigures {
  readonly lines: number;
  readonly accuracy: number;
  /** 95 % confidence interval of the accuracy (Wilson). */
  readonly accuracyInterval: Interval;
}

/** A range of shares, both ends from 0 to 1. */
export type Interval = readonly [low: number, high: number];

/** Counts the verdicts of a part of the lines. */
export function toPartFigures(verdicts: readonly LabelPair[]): PartFigures {
  const accuracy = accuracyOf(verdicts);
  return { lines: verdicts.length, accuracy, accuracyInterval: wilsonInterval(accuracy, verdicts.length) };
}

/** The 95 % confidence interval of a share seen in n tries (Wilson's score interval); [0, 1] for no tries. */
export function wilsonInterval(share: number, n: number): Interval {
  if (n === 0) return [0, 1];
  const z = 1.959964;
  const spread = z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  const middle = share + z ** 2 / (2 * n);
  const scale = 1 + z ** 2 / n;
  return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)];
}

/** The mean, 0 of nothing. */
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
