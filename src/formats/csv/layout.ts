import { AppError } from '../../errors.js';
import { clip } from './problems.js';
import { type Newline } from './tokenizer.js';

/** The columns that a reader looks for, by lower-case names. Case and outer spaces of the file's names do not matter. */
export interface WantedColumns {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
}

/** What is needed to write a table back as it was read. */
export interface TableLayout {
  /** The header's cells as they stand in the file, spaces and case included. */
  header: string[];
  delimiter: string;
  /** The file's most frequent line ending. */
  newline: Newline;
  /** Whether the file began with a byte order mark. */
  bom: boolean;
}

/** The index of the first column of that name, whatever its case and the spaces around it; -1 if there is none. */
export function findColumn(header: readonly string[], name: string): number {
  return header.findIndex((cell) => sameName(cell, name));
}

/**
 * Checks that a header has the columns that are wanted.
 * @param line on which the header stands
 * @throws AppError `column_missing` if it lacks a required one, `column_duplicate` if it has a wanted one twice
 */
export function checkColumns(
  header: readonly string[],
  { required, optional = [] }: WantedColumns,
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
  const places = header.flatMap((cell, i) => (sameName(cell, name) ? [i + 1] : []));
  if (places.length < 2) return;
  const detail = `The header names the column "${name}" ${places.length} times (columns ${places.slice(0, 10).join(', ')}). Rename or remove all but one.`;
  throw new AppError('column_duplicate', detail, { line, column: name });
}

function listNames(header: readonly string[]): string {
  const names = header.slice(0, 20).map((name) => JSON.stringify(clip(name)));
  return names.join(', ') + (header.length > 20 ? ` and ${header.length - 20} more` : '');
}

function sameName(cell: string, name: string): boolean {
  return cell.trim().toLowerCase() === name;
}
