import { AppError } from '../../errors.js';

const advice = 'Open it in Excel or LibreOffice, save it as .xlsx again, or export the sheet as CSV.';

/**
 * Returns the error for a workbook that cannot be read.
 * @param reason a sentence that says what is wrong
 * @param row the row of the sheet, if known
 */
export function malformedWorkbook(reason: string, row?: number, cause?: unknown): AppError {
  const place = row === undefined ? {} : { line: row };
  return new AppError('xlsx_malformed', `${reason} ${advice}`, place, { cause });
}

/**
 * Returns the error for a workbook that exceeds a bound when it is unpacked.
 * @param what the bound, as a sentence
 */
export function unpackedTooLarge(what: string): AppError {
  return new AppError('unpacked_too_large', `${what} Split the workbook, or export the sheet as CSV.`);
}

/** Returns the error for a cell with more than `limit` characters. */
export function xlsxCellTooLarge(row: number, limit: number): AppError {
  const detail = `A cell in row ${row} of the sheet has more than ${limit.toLocaleString('en')} characters.`;
  return new AppError('cell_too_large', detail, { line: row });
}

/** Returns the error for a sheet that does not exist. */
export function sheetMissing(wanted: string, names: readonly string[]): AppError {
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name.slice(0, 40)));
  const more = names.length > 20 ? ` and ${names.length - 20} more` : '';
  const detail = `The workbook has no sheet ${JSON.stringify(wanted.slice(0, 40))}. Its sheets are: ${shown.join(', ')}${more}. Set sheet to one of these names, or to a number from 1.`;
  return new AppError('sheet_missing', detail);
}
