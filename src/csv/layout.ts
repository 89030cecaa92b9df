import { AppError } from '../errors.js';
import { clip } from './problems.js';
import { type Newline } from './tokenizer.js';

/** The column that holds the label, in what comes in and in what goes out. */
export const labelColumn = 'target_label';

/** Which columns of a header are which: indexes from 0. */
export interface Columns {
  sourceIndex: number;
  messageIndex: number;
  /** An existing target_label column, -1 if there is none. */
  labelIndex: number;
}

/** All that is needed to write a table as it was read. */
export interface TableLayout extends Columns {
  /** The header's cells as they stand in the file, spaces and case included. */
  header: string[];
  delimiter: string;
  /** The file's usual line ending. */
  newline: Newline;
  /** Whether the file began with a byte order mark. */
  bom: boolean;
}

/** The index of the first column of that name, whatever its case and the spaces around it; -1 if there is none. */
export function findColumn(header: readonly string[], name: string): number {
  return header.findIndex((cell) => sameName(cell, name));
}

/**
 * Finds the columns that matter in a header.
 * @param line on which the header stands
 * @throws AppError `column_missing` without source or log_message, `column_duplicate` if one of the three is
 * there twice
 */
export function findColumns(header: readonly string[], line: number): Columns {
  refuseMissing(header, line);
  for (const name of ['source', 'log_message', labelColumn]) refuseDuplicate(header, name, line);
  return {
    sourceIndex: findColumn(header, 'source'),
    messageIndex: findColumn(header, 'log_message'),
    labelIndex: findColumn(header, labelColumn),
  };
}

function refuseMissing(header: readonly string[], line: number): void {
  const missing = ['source', 'log_message'].filter((name) => findColumn(header, name) === -1);
  if (missing[0] === undefined) return;
  const what = missing.length === 2 ? 'no columns "source" and "log_message"' : `no column "${missing[0]}"`;
  const hint =
    missing.length === 2 ? ' The first line must name the columns, such as: source,log_message' : '';
  const detail = `The file has ${what}. Columns found: ${listNames(header)}.${hint}`;
  throw new AppError('column_missing', detail, { line, column: missing[0] });
}

function refuseDuplicate(header: readonly string[], name: string, line: number): void {
  const places = header.flatMap((cell, i) => (sameName(cell, name) ? [i + 1] : []));
  if (places.length < 2) return;
  const detail = `The column "${name}" is there ${places.length} times: columns ${places.slice(0, 10).join(', ')}. Rename or remove all but one.`;
  throw new AppError('column_duplicate', detail, { line, column: name });
}

function listNames(header: readonly string[]): string {
  const names = header.slice(0, 20).map((name) => JSON.stringify(clip(name)));
  return names.join(', ') + (header.length > 20 ? ` and ${header.length - 20} more` : '');
}

function sameName(cell: string, name: string): boolean {
  return cell.trim().toLowerCase() === name;
}
