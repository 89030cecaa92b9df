import { FIELD } from '../../log-record.js';
import type { CsvChunk } from './chunks.js';
import { comparableCell, findColumn } from './column-names.js';
import type { TableLayout } from './layout.js';

/** Formats a table with additional columns, in the dialect of the file. */
export interface TableWriter {
  /** Returns the text before the rows: a byte order mark if there is one, the lines before the header, the header if the table has one. */
  header(): string;
  /**
   * Returns the lines of these rows.
   * @param chunk the rows as they were read. Cells that a row lacks are written as empty ones.
   * @param extra the cells of the new columns, for each row
   */
  rows(chunk: Pick<CsvChunk, 'rows' | 'rawRows'>, extra: readonly (readonly string[])[]): string;
}

/**
 * Creates a writer for a table with this layout. The new column `target_label` overwrites an existing one. Other new
 * columns overwrite nothing: where the name is taken, the new column has the first free name of `tier_2`, `tier_3` and so
 * on. New columns follow the last column. Every line ends with the line ending of the layout, including the last.
 *
 * If no column is overwritten, a row with a raw text is copied unchanged. Other rows are written cell by cell, with
 * quotes where they are needed.
 *
 * Cells that a spreadsheet treats as formulas (`=`, `+`, `-`, `@`) are not escaped: every cell must come back exactly,
 * and a log message may begin with a minus sign.
 * @param newNames the lower-case names of the new columns
 */
export function createTableWriter(layout: TableLayout, newNames: readonly string[]): TableWriter {
  const { preamble = '', header, isHeadless, delimiter, newline, bom } = layout;
  const labelIndex = newNames.includes(FIELD.label) ? findColumn(header, FIELD.label) : -1;
  const label = newNames.indexOf(FIELD.label);
  const names = [...header, ...freeNames(header, labelIndex === -1 ? newNames : without(newNames, label))];
  const line = lineWriter(delimiter);
  return {
    header: () => (bom ? '\uFEFF' : '') + preamble + (isHeadless ? '' : line(names) + newline),
    rows({ rows, rawRows }, extra) {
      let text = '';
      rows.forEach((row, i) => {
        const added = extra[i] ?? [];
        const rawRow = labelIndex === -1 ? rawRows[i] : undefined;
        if (rawRow !== undefined) text += joined(rawRow, line(added));
        else if (labelIndex === -1) text += joined(filledUp(row), line(added));
        else text += joined(withLabel(row, added[label] ?? ''), ...rest(added));
        text += newline;
      });
      return text;
    },
  };

  function joined(...parts: string[]): string {
    return parts.join(delimiter);
  }

  function rest(added: readonly string[]): string[] {
    return added.length > 1 ? [line(without(added, label))] : [];
  }

  /** Missing cells are not written one by one: a short row of a table of 16,384 columns would take milliseconds. */
  function filledUp(row: readonly string[]): string {
    return line(row) + delimiter.repeat(header.length - row.length);
  }

  function withLabel(row: readonly string[], value: string): string {
    if (labelIndex < row.length) return filledUp(row.with(labelIndex, value));
    const [before, after] = [labelIndex - row.length + 1, header.length - labelIndex - 1];
    return line(row) + delimiter.repeat(before) + line([value]) + delimiter.repeat(after);
  }
}

function without(cells: readonly string[], index: number): string[] {
  return cells.filter((_, i) => i !== index);
}

/** Returns the new names; one that the table already has gets the first free number. */
function freeNames(header: readonly string[], newNames: readonly string[]): string[] {
  const taken = new Set(header.map(comparableCell));
  return newNames.map((name) => {
    let free = name;
    for (let n = 2; taken.has(comparableCell(free)); n += 1) free = `${name}_${n}`;
    taken.add(comparableCell(free));
    return free;
  });
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
