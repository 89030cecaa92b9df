import { countOf, type LabelFigures, type LabelPair } from './figures.js';

/** Upper bound of the labels in a confusion matrix. If the label column holds free text, there may be thousands. */
export const MAX_LABELS = 40;

/** A confusion matrix. */
export interface Confusion {
  /** Sorted by name. With more than MAX_LABELS labels, the last entry stands for all rare ones. */
  readonly labels: readonly string[];
  /** `[labels][labels]`: `counts[i][j]` is the number of lines with the right label i that were given label j. */
  readonly counts: readonly (readonly number[])[];
  /** How many rare labels the last row and column stand for; 0 if no labels are merged. */
  readonly rare: number;
}

/** Counts pairs of right and given label. Merges the labels with the fewest lines into one. */
export function confusionOf(pairs: readonly LabelPair[]): Confusion {
  const all = [...new Set(pairs.flatMap(({ expected, given }) => [expected, given]))].sort();
  const lines = countOf(pairs.map(({ expected }) => expected));
  const linesOf = (label: string): number => lines.get(label) ?? 0;
  const kept =
    all.length <= MAX_LABELS
      ? all
      : [...all].sort((a, b) => linesOf(b) - linesOf(a)).slice(0, MAX_LABELS - 1);
  const rare = all.length - kept.length;
  const labels = [...kept].sort();
  const indexOf = new Map(labels.map((label, index) => [label, index]));
  const size = labels.length + (rare > 0 ? 1 : 0);
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const { expected, given } of pairs) {
    const row = counts[indexOf.get(expected) ?? labels.length] ?? [];
    const column = indexOf.get(given) ?? labels.length;
    row[column] = (row[column] ?? 0) + 1;
  }
  return { labels: rare > 0 ? [...labels, `${rare} rarer labels`] : labels, counts, rare };
}

/** Returns the MAX_LABELS labels with the most lines, in the given order. */
export function mostFrequentLabels(perLabel: readonly LabelFigures[]): LabelFigures[] {
  const kept = new Set([...perLabel].sort((a, b) => b.support - a.support).slice(0, MAX_LABELS));
  return perLabel.filter((figures) => kept.has(figures));
}

/** Returns the sum of a row: the lines with its right label. */
export function rowSum(row: readonly number[] = []): number {
  return row.reduce((sum, count) => sum + count, 0);
}
