import { AppError } from '../../errors.js';
import { comparableName, type FieldChoice, requestNaming } from '../fields.js';
import { comparableCell } from './column-names.js';
import { editDistance } from '../../math/edit-distance.js';
import { clip } from '../clip.js';
import type { TableStart } from './layout.js';

/** At most this many columns are compared for a guess. */
const maxCompared = 200;

/** Returns the error for a table without a known name of a message column. */
export function missingColumn(table: TableStart, fields: FieldChoice): AppError {
  const guess = nearest(table.header, fields.names.message) ?? longestColumn(table);
  const detail = `No column has a known name of a message, such as log_message or message. Columns found: ${listNames(table.header)}.${nearestHint(table, guess)}${headlessHint(table.header)} Say which column has the message: ${wayOut(table, fields, 'message', guess)}`;
  const columns = table.header.slice(0, maxCompared).map(clip);
  return new AppError('column_missing', detail, {
    line: table.line,
    column: 'log_message',
    columns,
    guess: guess + 1,
  });
}

/**
 * Returns the error for a column that a parameter names and the table does not have.
 * @param value the value of the parameter
 */
export function unknownColumn(
  table: TableStart,
  fields: FieldChoice,
  field: 'message' | 'source',
  value: string,
): AppError {
  const guess =
    nearest(table.header, [value]) ??
    nearest(table.header, fields.names[field]) ??
    (field === 'message' ? longestColumn(table) : 0);
  const detail = `The file has no column ${JSON.stringify(clip(value))}, which the parameter ${field}_column names. Columns found: ${listNames(table.header)}.${nearestHint(table, guess)} Name one of them, or its number from 1: ${wayOut(table, fields, field, guess)}`;
  return new AppError('column_missing', detail, { line: table.line, column: clip(value) });
}

/**
 * Returns the error for several columns with the same name.
 * @param indices the columns, counted from 0
 * @param field the field that is needed from one of them; undefined for `target_label`
 */
export function duplicateColumn(
  { header, line }: TableStart,
  fields: FieldChoice,
  indices: readonly number[],
  field: 'message' | 'source' | undefined,
): AppError {
  const name = clip((header[indices[0] ?? 0] ?? '').trim());
  const numbers = indices.map((index) => index + 1);
  const hint =
    field === undefined
      ? 'Rename or remove all but one.'
      : `Choose one by its number with the parameter ${field}_column=NUMBER, such as: ${requestNaming(fields, field, String(numbers[0] ?? 1))}`;
  const detail = `The header has the column ${JSON.stringify(name)} ${indices.length} times (columns ${numbers.slice(0, 10).join(', ')}). ${hint}`;
  return new AppError('column_duplicate', detail, { line, column: name });
}

/** Returns the error for one column that is to be both message and source. */
export function sameColumnTwice({ header, line }: TableStart, index: number): AppError {
  const name = clip(header[index] ?? '');
  const detail = `The parameters message_column and source_column both name column ${index + 1}, ${JSON.stringify(name)}. Name two columns, or leave out source_column.`;
  return new AppError('column_duplicate', detail, { line, column: name });
}

/** Returns the index of the column whose name differs least from one of these names; undefined if all differ much. */
function nearest(header: readonly string[], names: readonly string[]): number | undefined {
  let best: { index: number; distance: number } | undefined;
  for (const [index, cell] of header.slice(0, maxCompared).entries()) {
    const name = comparableName(clip(cell));
    for (const known of names.map((known) => comparableName(clip(known)))) {
      const distance = editDistance(name, known);
      const isNear = distance <= 2 && distance * 3 <= Math.min(known.length, name.length);
      if (isNear && (!best || distance < best.distance)) best = { index, distance };
    }
  }
  return best?.index;
}

/** Returns the index of the column with the longest cells on average. */
function longestColumn({ header, rows }: TableStart): number {
  const lengths = header.map(() => 0);
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      if (index < lengths.length) lengths[index] = (lengths[index] ?? 0) + cell.length;
    }
  }
  return lengths.reduce((best, length, index) => (length > (lengths[best] ?? 0) ? index : best), 0);
}

function nearestHint({ header }: TableStart, guess: number): string {
  return header.length > 1 ? ` The nearest is ${JSON.stringify(clip(header[guess] ?? ''))}.` : '';
}

/** PostgreSQL's csvlog, for example, has no header. Its first record would be taken for the names. */
function headlessHint(header: readonly string[]): string {
  return hasValues(header)
    ? ' These look like values. If the file has no header, give the number of the column, or put a line with names above the first record.'
    : '';
}

function hasValues(header: readonly string[]): boolean {
  return header.some((cell) => /^\s*-?\d/.test(cell));
}

/** Returns the request that names the column: by its name, or by its number if the name does not tell it. */
function wayOut(
  { header }: TableStart,
  fields: FieldChoice,
  field: 'message' | 'source',
  guess: number,
): string {
  const name = (header[guess] ?? '').toWellFormed();
  const wanted = comparableCell(name);
  const isAlone = header.filter((cell) => comparableCell(cell) === wanted).length === 1;
  const isClear = wanted !== '' && name.length <= 100 && isAlone && !hasValues(header);
  return requestNaming(fields, field, isClear ? name : String(guess + 1));
}

function listNames(header: readonly string[]): string {
  const names = header.slice(0, 20).map((name) => JSON.stringify(clip(name)));
  return names.join(', ') + (header.length > 20 ? ` and ${header.length - 20} more` : '');
}
