import { countOf, type LabelFigures, type LabelPair } from './figures.js';

/** More would be neither readable nor, for a column that holds no labels at all, small enough to draw or store. */
export const MAX_LABELS = 40;

/** Which label was taken for which. */
export interface Confusion {
  /** Sorted by name; where there are more than MAX_LABELS the last one stands for the rarest together. */
  readonly labels: readonly string[];
  /** `counts[i][j]`: lines that should have label i and were given label j, in the order of `labels`. */
  readonly counts: readonly (readonly number[])[];
  /** How many labels the last row and column stand for together; 0 if there is nothing merged. */
  readonly rare: number;
}

/** Counts verdicts by right and given label; the labels that the fewest lines should have are made one. */
export function confusionOf(verdicts: readonly LabelPair[]): Confusion {
  const all = [...new Set(verdicts.flatMap(({ expected, given }) => [expected, given]))].sort();
  const lines = countOf(verdicts.map(({ expected }) => expected));
  const linesOf = (label: string): number => lines.get(label) ?? 0;
  const own =
    all.length <= MAX_LABELS
      ? all
      : [...all].sort((a, b) => linesOf(b) - linesOf(a)).slice(0, MAX_LABELS - 1);
  const rare = all.length - own.length;
  const labels = [...own].sort();
  const indexOf = new Map(labels.map((label, index) => [label, index]));
  const size = labels.length + (rare > 0 ? 1 : 0);
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const { expected, given } of verdicts) {
    const row = counts[indexOf.get(expected) ?? labels.length] ?? [];
    const column = indexOf.get(given) ?? labels.length;
    row[column] = (row[column] ?? 0) + 1;
  }
  return { labels: rare > 0 ? [...labels, `${rare} rarer labels`] : labels, counts, rare };
}

/** The figures of the MAX_LABELS labels that the most lines should have, in their order. */
export function mostLines(perLabel: readonly LabelFigures[]): LabelFigures[] {
  const kept = new Set([...perLabel].sort((a, b) => b.support - a.support).slice(0, MAX_LABELS));
  return perLabel.filter((figures) => kept.has(figures));
}

/** Lines that should have the label of a row. */
export function rowSum(row: readonly number[] = []): number {
  return row.reduce((sum, count) => sum + count, 0);
}
