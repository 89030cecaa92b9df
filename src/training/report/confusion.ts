import type { Figures } from '../figures.js';

type Confusion = Figures['confusion'];

/** More would be neither readable nor, for a column that holds no labels at all, small enough to draw. */
export const MAX_LABELS = 40;

/** A confusion matrix that is small enough to be shown. */
export interface ShownConfusion extends Confusion {
  /** How many labels the last row and column stand for together; 0 if there is nothing merged. */
  readonly rare: number;
}

/** The confusion matrix with its rarest labels made one, where there are more than MAX_LABELS. */
export function withRareMerged({ labels, counts }: Confusion): ShownConfusion {
  if (labels.length <= MAX_LABELS) return { labels, counts, rare: 0 };
  const indexes = labels.map((_, index) => index);
  const byLines = [...indexes].sort((a, b) => rowSum(counts[b]) - rowSum(counts[a]));
  const common = byLines.slice(0, MAX_LABELS - 1).sort((a, b) => a - b);
  const rest = byLines.slice(MAX_LABELS - 1);
  const groups = [...common.map((index) => [index]), rest];
  const lines = (rows: readonly number[], columns: readonly number[]): number =>
    rowSum(rows.map((row) => rowSum(columns.map((column) => counts[row]?.[column] ?? 0))));
  return {
    labels: [...common.map((index) => labels[index] ?? ''), `${rest.length} rarer labels`],
    counts: groups.map((rows) => groups.map((columns) => lines(rows, columns))),
    rare: rest.length,
  };
}

/** Lines that should have the label of a row. */
export function rowSum(row: readonly number[] = []): number {
  return row.reduce((sum, count) => sum + count, 0);
}
