import { findColumn, type TableLayout } from './layout.js';
import type { RowChunk } from './reader.js';

/** Formats a table with additional columns, in the dialect of the file. */
export interface TableWriter {
  /** Returns the header line, after a byte order mark if the file had one. */
  header(): string;
  /**
   * Returns the lines of these rows.
   * @param chunk the rows as they were read, each with as many cells as the header of the layout
   * @param extra the cells of the new columns, for each row
   */
  rows(chunk: Pick<RowChunk, 'rows' | 'rawRows'>, extra: readonly (readonly string[])[]): string;
}

/**
 * Creates a writer for a table with this layout. A new column overwrites an existing column of the same name; otherwise
 * it follows the last column. Every line ends with the line ending of the layout, including the last.
 *
 * If no column is overwritten, a row with a raw text is copied unchanged. Other rows are written cell by cell, with
 * quotes where they are needed.
 *
 * Cells that a spreadsheet treats as formulas (`=`, `+`, `-`, `@`) are not escaped: every cell must come back exactly,
 * and a log message may begin with a minus sign.
 * @param newNames the lower-case names of the new columns
 */
export function createTableWriter(layout: TableLayout, newNames: readonly string[]): TableWriter {
  const { header, delimiter, newline, bom } = layout;
  const indices = columnIndices(header, newNames);
  const onlyAdds = indices.every((index) => index >= header.length);
  const names = header.concat(newNames.filter((name) => findColumn(header, name) === -1));
  const line = lineWriter(delimiter);
  return {
    header: () => (bom ? '\uFEFF' : '') + line(names) + newline,
    rows({ rows, rawRows }, extra) {
      let text = '';
      rows.forEach((row, i) => {
        const added = extra[i] ?? [];
        const rawRow = onlyAdds ? rawRows[i] : undefined;
        text +=
          rawRow === undefined
            ? line(withExtra(row, added, indices)) + newline
            : rawRow + delimiter + line(added) + newline;
      });
      return text;
    },
  };
}

/** Returns the index of each new column in the written table. */
function columnIndices(header: readonly string[], newNames: readonly string[]): number[] {
  let next = header.length;
  return newNames.map((name) => {
    const existing = findColumn(header, name);
    return existing === -1 ? next++ : existing;
  });
}

function withExtra(row: readonly string[], extra: readonly string[], indices: readonly number[]): string[] {
  const cells = [...row];
  indices.forEach((index, i) => {
    cells[index] = extra[i] ?? '';
  });
  return cells;
}

/**
 * Returns a function that joins cells to a line. It quotes cells with quotes, line breaks or delimiters. It also quotes
 * cells with outer spaces or byte order marks, because some readers strip these.
 */
function lineWriter(delimiter: string): (cells: readonly string[]) => string {
  const needsQuotes = new RegExp(`["\\r\\n\\uFEFF${delimiter === '|' ? '\\|' : delimiter}]|^ | $`);
  const format = (cell: string): string =>
    needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return (cells) => {
    let text = '';
    for (let i = 0; i < cells.length; i += 1) text += (i === 0 ? '' : delimiter) + format(cells[i] ?? '');
    return text;
  };
}
