import Papa from 'papaparse';
import { findColumn, labelColumn, type TableLayout } from './layout.js';

/** Writes a table back, with its new columns, as text in the dialect that it was read in. */
export interface TableWriter {
  /** The header line, with a byte order mark before it if the file had one. */
  header(): string;
  /**
   * The lines of these rows.
   * @param rows as they were read, each as wide as the layout's header
   * @param extra for each row its label and details: `[target_label, ...details]`
   */
  rows(rows: readonly (readonly string[])[], extra: readonly (readonly string[])[]): string;
}

/**
 * Makes a writer for a table of this layout. A `target_label` or detail column that the table has already is
 * overwritten where it is; the others come after the last column. Cells are quoted where they must be, every
 * line ends with the layout's line ending, the last too.
 *
 * Cells that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`) are written as they came: every cell
 * comes back exactly, and a log message that begins with a minus sign is no attack.
 * @param detailColumns names of the columns after the label, such as `tier`
 */
export function createTableWriter(layout: TableLayout, detailColumns: readonly string[]): TableWriter {
  const { header, delimiter, newline, bom } = layout;
  const config = { delimiter, newline, header: false };
  const newNames = [labelColumn, ...detailColumns];
  const places = placeColumns(header, newNames);
  const names = header.concat(newNames.filter((name) => findColumn(header, name) === -1));
  return {
    header: () => (bom ? '\uFEFF' : '') + Papa.unparse([names], config) + newline,
    rows(rows, extra) {
      if (rows.length === 0) return '';
      const written = rows.map((row, i) => withExtra(row, extra[i] ?? [], places));
      return Papa.unparse(written, config) + newline;
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
