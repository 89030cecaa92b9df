import { AppError } from '../../errors.js';
import { clip } from '../clip.js';

/** Maximum number of columns of a table, the same as in Excel. It bounds the size of a row. */
export const maxColumns = 16_384;

/**
 * Returns the error for a quoted cell that is not closed at the end of the file.
 * @param line the line of the opening quote
 */
export function unclosedQuote(line: number): AppError {
  const detail = `The quote that opens on line ${line} is never closed. Close it, or, if it is part of the text, double it ("") and put quotes around the whole cell.`;
  return new AppError('csv_malformed', detail, { line });
}

/**
 * Returns the error for text after a closing quote, as in `"text"more`.
 * @param line the line of the closing quote
 */
export function textAfterQuote(line: number): AppError {
  const detail = `On line ${line}, text follows the closing quote of a cell. Put quotes around the whole cell and double the quotes inside it: "say ""hi"" to all".`;
  return new AppError('csv_malformed', detail, { line });
}

/**
 * Returns the error for a line that looks like the inside of a quoted cell.
 * @param line the line
 */
export function continuedLine(line: number): AppError {
  const detail = `Line ${line} reads as the rest of a row whose quotes are broken.`;
  return new AppError('csv_malformed', detail, { line });
}

/**
 * Returns the error for a row that has more or fewer cells than the header.
 * @param line the line on which the row begins
 */
export function raggedRow(line: number, cells: number, expected: number): AppError {
  const hint = cells > expected ? ' A cell that contains the delimiter needs quotes around it.' : '';
  const detail = `Line ${line} has ${count(cells, 'cell')} where the header has ${expected}.${hint}`;
  return new AppError('csv_malformed', detail, { line });
}

/** Returns the error for a row or a header with more than `maxColumns` cells. */
export function tooManyCells(line: number): AppError {
  const detail = `Line ${line} has more than ${shown(maxColumns)} cells. Remove columns from the file.`;
  return new AppError('csv_malformed', detail, { line });
}

/**
 * Returns the error for a cell with more than `limit` characters.
 * @param column the name of the column, or its number, counted from 1
 * @param quoted whether the cell began with a quote; the closing quote may be missing
 */
export function cellTooLarge(
  line: number,
  column: string | number,
  limit: number,
  quoted: boolean,
): AppError {
  const name = typeof column === 'number' ? `number ${column}` : `"${clip(column)}"`;
  const hint = quoted
    ? `If the quote that opens on line ${line} is not closed, close it. Otherwise shorten`
    : 'Shorten';
  const detail = `The cell in column ${name} on line ${line} has more than ${shown(limit)} characters. ${hint} the cell, or raise MAX_CELL_CHARS.`;
  return new AppError('cell_too_large', detail, { line, column });
}

/** Returns the error for a row whose cells together have more than `limit` characters. */
export function rowTooLarge(line: number, limit: number): AppError {
  const detail = `The row on line ${line} has more than ${shown(limit)} characters. Remove columns, or shorten cells.`;
  return new AppError('cell_too_large', detail, { line });
}

/** Returns the error for a file whose rows together lack very many cells that the header, of `columns` cells, has. */
export function tooMuchPadding(line: number, columns: number): AppError {
  const detail = `The header has ${shown(columns)} columns, and the rows up to line ${line} leave nearly all of them out. The answer would be many times as large as the file. Remove columns that are not used.`;
  return new AppError('cell_too_large', detail, { line });
}

/** Returns the error of a row with the way to read the file without that row. */
export function withWayOut(error: AppError): AppError {
  const detail = `${error.message} The parameter on_error=skip leaves out rows that cannot be read, such as this one, and labels all others.`;
  return new AppError(error.code, detail, error.place, { cause: error });
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

function shown(n: number): string {
  return n.toLocaleString('en');
}
