import { percent } from './text-table.js';
import { rowSum, type Confusion } from '../metrics/confusion.js';
import { markup, shown, type Markup } from './markup.js';
import { brief, grouped } from './numbers.js';
import { textWidth, toSvg } from './picture.js';

const CELL = { width: 52, height: 34 } as const;
const LABEL_CHARS = 26;
const MARGIN = 20;

/** The distance from the top edge to the slanting labels, and from the labels to the cells. */
const HEADING = 38;
const GAP = 10;

/** The two colour scales below the cells: distance to the cells, height, width of a step, width of a scale. */
const LEGEND = { above: 24, height: 34, step: 22, width: 230 } as const;

/** The sine and cosine of the angle at which the columns' labels slant. */
const SLANT = Math.SQRT1_2;

/** The least opacity, so that even a single line is visible. */
const MIN_OPACITY = 0.15;

/** Whether the lines of a cell are right or wrong. `mixed` cells hold both and are not shaded. */
type Kind = 'right' | 'wrong' | 'mixed';

/**
 * Draws the confusion matrix as a heat map, with a row for each right label and a column for each given one. The shade
 * is the cell's share of its row: blue for right labels, orange for wrong ones.
 */
export function confusionPicture({ labels, counts, rare }: Confusion): string {
  const names = labels.map((label) => shown(label, LABEL_CHARS));
  const longest = Math.max(...[...names, 'right label'].map(textWidth));
  const left = MARGIN + longest + GAP;
  const top = HEADING + longest * SLANT + GAP;
  const right = left + labels.length * CELL.width;
  const bottom = top + labels.length * CELL.height;
  const kindOf = (row: number, column: number): Kind => {
    if (row !== column) return 'wrong';
    return rare > 0 && row === labels.length - 1 ? 'mixed' : 'right';
  };
  return toSvg({
    name: 'confusion',
    title: `Confusion matrix of ${grouped(rowSum(counts.map(rowSum)))} lines: right labels in rows, given labels in columns`,
    width:
      Math.max(right + CELL.width, right + longest * SLANT - CELL.width / 2, left + 2 * LEGEND.width) +
      MARGIN,
    height: bottom + LEGEND.above + LEGEND.height,
    content: [
      markup`<text class="soft" x="${left}" y="${MARGIN + 4}">given label</text>
<text class="soft" x="${left - GAP}" y="${top - GAP}" text-anchor="end">right label</text>
<text class="soft small" x="${right + CELL.width - 6}" y="${top - GAP}" text-anchor="end">lines</text>`,
      ...names.map((name, column) => columnLabel(name, left + (column + 0.5) * CELL.width, top - GAP)),
      ...counts.map((row, index) => {
        const place = { left, top: top + index * CELL.height };
        return matrixRow({ row, index, names, kindOf }, place);
      }),
      legend('right', left, bottom + LEGEND.above),
      legend('wrong', left + LEGEND.width, bottom + LEGEND.above),
    ],
  });
}

function columnLabel(name: string, x: number, y: number): Markup {
  return markup`<text transform="translate(${x} ${y}) rotate(-45)">${name}</text>`;
}

interface MatrixRow {
  readonly row: readonly number[];
  readonly index: number;
  readonly names: readonly string[];
  readonly kindOf: (row: number, column: number) => Kind;
}

function matrixRow(
  { row, index, names, kindOf }: MatrixRow,
  { left, top }: { left: number; top: number },
): Markup {
  const sum = rowSum(row);
  const name = names[index] ?? '';
  const baseline = top + CELL.height / 2 + 4;
  const cells = row.map((count, column) => {
    const share = sum === 0 ? 0 : count / sum;
    const x = left + column * CELL.width;
    const box = { x: x + 1, y: top + 1, width: CELL.width - 2, height: CELL.height - 2 };
    return markup`<g><title>${name}, given ${names[column] ?? ''}: ${grouped(count)} of ${grouped(sum)} (${percent(share)})</title>
${shade(box, kindOf(index, column), share)}
<text class="${count === 0 ? 'soft small' : 'count'}" x="${x + CELL.width / 2}" y="${baseline}" text-anchor="middle">${brief(count)}</text></g>`;
  });
  return markup`<text x="${left - GAP}" y="${baseline}" text-anchor="end">${name}</text>${cells}
<text class="soft small" x="${left + (row.length + 1) * CELL.width - 6}" y="${baseline}" text-anchor="end">${brief(sum)}</text>`;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function shade({ x, y, width, height }: Box, kind: Kind, share: number): Markup {
  const rect = (className: string, opacity: number): Markup =>
    markup`<rect class="${className}" fill-opacity="${opacity}" x="${x}" y="${y}" width="${width}" height="${height}" rx="3"/>`;
  if (share === 0 || kind === 'mixed') return rect('track', 1);
  return markup`${rect('track', 1)}${rect(kind, MIN_OPACITY + (1 - MIN_OPACITY) * share)}`;
}

function legend(kind: 'right' | 'wrong', left: number, top: number): Markup {
  const squares = [0.001, 0.25, 0.5, 0.75, 1].map((share, index) =>
    shade({ x: left + index * LEGEND.step, y: top, width: LEGEND.step - 2, height: 12 }, kind, share),
  );
  const end = left + squares.length * LEGEND.step + 6;
  return markup`${squares}<text class="soft small" x="${end}" y="${top + 10}">${kind}, 0 to 100 %</text>`;
}
