import { AppError } from '../../errors.js';
import { clip } from './errors.js';
import { type Newline } from './tokenizer.js';

/** The columns that a file must or may have, in lower case. Case and surrounding spaces in the file do not matter. */
export interface ExpectedColumns {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
}

/** The properties of a table that are needed to write it back unchanged. */
export interface TableLayout {
  /** The cells of the header, with spaces and case as in the file. */
  header: string[];
  delimiter: string;
  /** The file's most frequent line ending. */
  newline: Newline;
  /** Whether the file began with a byte order mark. */
  bom: boolean;
}

/**
 * Returns the index of the first column with this name, or -1 if there is none. Case and surrounding spaces in the header
 * do not matter.
 * @param name in lower case
 */
export function findColumn(header: readonly string[], name: string): number {
  return header.findIndex((cell) => sameName(cell, name));
}

/**
 * Checks that a header has each required column once, and each optional column at most once.
 * @param line the line of the header, counted from 1
 * @throws AppError `column_missing` if a required column is missing
 * @throws AppError `column_duplicate` if an expected column is repeated
 */
export function checkColumns(
  header: readonly string[],
  { required, optional = [] }: ExpectedColumns,
  line: number,
): void {
  refuseMissing(header, required, line);
  for (const name of [...required, ...optional]) refuseDuplicate(header, name, line);
}

function refuseMissing(header: readonly string[], required: readonly string[], line: number): void {
  const missing = required.filter((name) => findColumn(header, name) === -1);
  if (missing[0] === undefined) return;
  const names = missing.map((name) => `"${name}"`).join(' and ');
  const hint =
    missing.length === required.length
      ? ` The first line must name the columns, such as: ${required.join(',')}`
      : '';
  const detail = `The file has no ${missing.length === 1 ? 'column' : 'columns'} ${names}. Columns found: ${listNames(header)}.${hint}`;
  throw new AppError('column_missing', detail, { line, column: missing[0] });
}

function refuseDuplicate(header: readonly string[], name: string, line: number): void {
  const numbers = header.flatMap((cell, i) => (sameName(cell, name) ? [i + 1] : []));
  if (numbers.length < 2) return;
  const detail = `The header names the column "${name}" ${numbers.length} times (columns ${numbers.slice(0, 10).join(', ')}). Rename or remove all but one.`;
  throw new AppError('column_duplicate', detail, { line, column: name });
}

function listNames(header: readonly string[]): string {
  const names = header.slice(0, 20).map((name) => JSON.stringify(clip(name)));
  return names.join(', ') + (header.length > 20 ? ` and ${header.length - 20} more` : '');
}

function sameName(cell: string, name: string): boolean {
  return cell.trim().toLowerCase() === name;
}
