import { AppError } from '../../errors.js';

/** The largest number of columns in a table, which is also Excel's. It bounds what one row can hold. */
export const maxColumns = 16_384;

/** The error for a quoted cell that the file ends in. `line` is where its quote opened. */
export function unclosedQuote(line: number): AppError {
  const detail = `The quote that opens on line ${line} is never closed. Close it, or double it ("") if it is part of the text.`;
  return new AppError('csv_malformed', detail, { line });
}

/** The error for `"text"more`. `line` is where the closing quote stands. */
export function textAfterQuote(line: number): AppError {
  const detail = `On line ${line} text follows the closing quote of a cell. Put quotes around the whole cell and double those inside: "say ""hi"" to all".`;
  return new AppError('csv_malformed', detail, { line });
}

/** The error for a row whose number of cells is not the header's. `line` is where the row begins. */
export function raggedRow(line: number, cells: number, expected: number): AppError {
  const hint = cells > expected ? ' A cell that contains the delimiter needs quotes around it.' : '';
  const detail = `Line ${line} has ${count(cells, 'cell')} where the header has ${expected}.${hint}`;
  return new AppError('csv_malformed', detail, { line });
}

/** The error for a row, the header included, with more than `maxColumns` cells. */
export function tooManyCells(line: number): AppError {
  return new AppError('csv_malformed', `Line ${line} has more than ${shown(maxColumns)} cells.`, { line });
}

/**
 * The error for a cell over `limit` characters.
 * @param column its name, or its number from 1
 * @param quoted whether it began with a quote, which then may lack its end
 */
export function cellTooLarge(
  line: number,
  column: string | number,
  limit: number,
  quoted: boolean,
): AppError {
  const name = typeof column === 'number' ? `number ${column}` : `"${clip(column)}"`;
  const hint = quoted ? ` The quote that opens on line ${line} may lack its end.` : '';
  const detail = `The cell in column ${name} on line ${line} has more than ${shown(limit)} characters.${hint}`;
  return new AppError('cell_too_large', detail, { line, column });
}

/** The error for a row whose cells are, together, more than the server holds in memory. */
export function rowTooLarge(line: number, limit: number): AppError {
  return new AppError('cell_too_large', `The row on line ${line} has more than ${shown(limit)} characters.`, {
    line,
  });
}

/** A name short enough for a sentence. */
export function clip(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function shown(n: number): string {
  return n.toLocaleString('en');
}
