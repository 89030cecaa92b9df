import { findColumn, type TableLayout } from './layout.js';
import type { RowChunk } from './reader.js';

/** Writes a table back, with its new columns, as text in the dialect that it was read in. */
export interface TableWriter {
  /** The header line, with a byte order mark before it if the file had one. */
  header(): string;
  /**
   * The lines of these rows.
   * @param chunk as it was read, each row as wide as the layout's header
   * @param extra for each row the cells of the new columns
   */
  rows(chunk: Pick<RowChunk, 'rows' | 'plain'>, extra: readonly (readonly string[])[]): string;
}

/**
 * Makes a writer for a table of this layout. A new column whose name the table already has overwrites that column; the
 * others come after the last column. A row without quotes to which only columns
 * are added stays as it stands in the file; elsewhere cells are quoted where they must be. Every line ends with
 * the layout's line ending, the last too.
 *
 * Cells that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`) are written as they came: every cell
 * comes back exactly, and a log message that begins with a minus sign is no attack.
 * @param newNames lower-case names of the new columns
 */
export function createTableWriter(layout: TableLayout, newNames: readonly string[]): TableWriter {
  const { header, delimiter, newline, bom } = layout;
  const places = placeColumns(header, newNames);
  const onlyAdds = places.every((place) => place >= header.length);
  const names = header.concat(newNames.filter((name) => findColumn(header, name) === -1));
  const line = lineWriter(delimiter);
  return {
    header: () => (bom ? '\uFEFF' : '') + line(names) + newline,
    rows({ rows, plain }, extra) {
      let text = '';
      rows.forEach((row, i) => {
        const added = extra[i] ?? [];
        const asItStands = onlyAdds ? plain[i] : undefined;
        text +=
          asItStands === undefined
            ? line(withExtra(row, added, places)) + newline
            : asItStands + delimiter + line(added) + newline;
      });
      return text;
    },
  };
}

/** For each new column the index at which it goes. */
function placeColumns(header: readonly string[], newNames: readonly string[]): number[] {
  let next = header.length;
  return newNames.map((name) => {
    const existing = findColumn(header, name);
    return existing === -1 ? next++ : existing;
  });
}

function withExtra(row: readonly string[], extra: readonly string[], places: readonly number[]): string[] {
  const cells = [...row];
  places.forEach((place, i) => {
    cells[place] = extra[i] ?? '';
  });
  return cells;
}

/**
 * Writes cells as a line. Quotes go around what would otherwise end the cell or begin with a quote, and, as
 * some readers take them for decoration, around spaces at the edges and byte order marks.
 */
function lineWriter(delimiter: string): (cells: readonly string[]) => string {
  const needsQuotes = new RegExp(`["\\r\\n\\uFEFF${delimiter === '|' ? '\\|' : delimiter}]|^ | $`);
  const written = (cell: string): string =>
    needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return (cells) => {
    let text = '';
    for (let i = 0; i < cells.length; i += 1) text += (i === 0 ? '' : delimiter) + written(cells[i] ?? '');
    return text;
  };
}
