import type { LabelFigures } from '../metrics/figures.js';
import { percent } from './text-table.js';
import { mostFrequentLabels } from '../metrics/confusion.js';
import { markup, shown, type Markup } from './markup.js';
import { brief } from './numbers.js';
import { textWidth, toSvg } from './picture.js';

const LABEL_CHARS = 26;
const MARGIN = 20;
const ROW = 30;
const BAR = 10;

/** A column: width of the longest bar, width of the number beside it, and gap to the next column. */
const COLUMN = { bar: 165, number: 68, gap: 22 } as const;
const COLUMN_WIDTH = COLUMN.bar + COLUMN.number + COLUMN.gap;
const SUPPORT_WIDTH = 58;
const HEADING = 46;

/** Draws precision, recall and F1 of each label as bars, with the number of its lines. */
export function barsPicture(perLabel: readonly LabelFigures[]): string {
  const rows = mostFrequentLabels(perLabel).map((figures) => ({
    ...figures,
    name: shown(figures.label, LABEL_CHARS),
  }));
  const left = MARGIN + Math.max(...rows.map(({ name }) => textWidth(name)), textWidth('label')) + COLUMN.gap;
  const width = left + 3 * COLUMN_WIDTH + SUPPORT_WIDTH + MARGIN;
  const hidden = perLabel.length - rows.length;
  const bottom = HEADING + rows.length * ROW;
  return toSvg({
    name: 'bars',
    title: `Precision, recall and F1 of ${rows.length} labels`,
    width,
    height: bottom + MARGIN / 2 + (hidden > 0 ? ROW : 0),
    content: [
      headings(left, width - MARGIN),
      ...rows.map((row, index) => labelRow(row, { left, right: width - MARGIN, top: HEADING + index * ROW })),
      ...(hidden > 0
        ? [markup`<text class="soft small" x="${left}" y="${bottom + 18}">and ${hidden} rarer labels</text>`]
        : []),
    ],
  });
}

function headings(left: number, right: number): Markup {
  const columns = ['precision', 'recall', 'F1'].map(
    (name, index) => markup`<text class="soft" x="${left + index * COLUMN_WIDTH}" y="28">${name}</text>`,
  );
  return markup`${columns}<text class="soft" x="${right}" y="28" text-anchor="end">lines</text>`;
}

type Row = LabelFigures & { readonly name: string };

function labelRow(row: Row, { left, right, top }: { left: number; right: number; top: number }): Markup {
  const middle = top + ROW / 2;
  const bars = [
    { share: row.precision, number: percent(row.precision) },
    { share: row.recall, number: percent(row.recall) },
    { share: row.support === 0 ? null : row.f1, number: row.support === 0 ? '-' : row.f1.toFixed(3) },
  ].map(({ share, number }, index) => bar(share, number, left + index * COLUMN_WIDTH, middle));
  return markup`<text x="${left - COLUMN.gap}" y="${middle + 4}" text-anchor="end">${row.name}</text>${bars}
<text x="${right}" y="${middle + 4}" text-anchor="end">${brief(row.support)}</text>`;
}

function bar(share: number | null, number: string, x: number, middle: number): Markup {
  const y = middle - BAR / 2;
  return markup`<rect class="track" x="${x}" y="${y}" width="${COLUMN.bar}" height="${BAR}" rx="3"/>
<rect class="bar" x="${x}" y="${y}" width="${(share ?? 0) * COLUMN.bar}" height="${BAR}" rx="3"/>
<text class="small" x="${x + COLUMN.bar + COLUMN.number - 8}" y="${middle + 4}" text-anchor="end">${number}</text>`;
}
