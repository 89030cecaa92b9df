import { AppError } from '../../errors.js';
import { FIELD } from '../../log-record.js';
import type { FieldChoice } from '../fields.js';
import { duplicateColumn, missingColumn, sameColumnTwice, unknownColumn } from './column-errors.js';
import { ColumnNames, columnNumber, comparableCell } from './column-names.js';
import type { TableStart } from './layout.js';

/** The indices of the columns of a record, counted from 0; -1 for a column that the table does not have. */
export interface RecordColumns {
  readonly message: number;
  /**
   * Other columns with a known name of a message, in order of preference. The first cell of them that is not blank is the
   * message of a row whose own message is blank. Empty if the user names the column.
   */
  readonly otherMessages: readonly number[];
  readonly source: number;
  readonly level: number;
  readonly time: number;
  /** The column of the date if `time` is the time of day. */
  readonly date: number;
  /** The column `target_label`, whose cells the answer replaces. */
  readonly label: number;
}

/** The fields whose column a user can name. */
type NamedField = 'message' | 'source';

/**
 * Chooses the columns of message, source, level and time. A column that the user names wins; then one that is exactly
 * `log_message` or `source`; then the first known name that the header has. No column is used twice. Columns with other
 * known names of a message serve rows whose message is blank.
 * @param fallback the column of the message if no other column is it; -1 if there is none
 * @throws AppError `column_missing` without a message, or without a column that the user names
 * @throws AppError `column_duplicate` if several columns have the name that wins, or `target_label`
 */
export function chooseColumns(table: TableStart, fields: FieldChoice, fallback = -1): RecordColumns {
  const names = new ColumnNames(table.header);
  const isFixed = fields.source !== undefined;
  const chosenMessage = chosenColumn(table, names, fields, 'message');
  const chosenSource = isFixed ? -1 : chosenColumn(table, names, fields, 'source');
  if (chosenMessage !== -1 && chosenMessage === chosenSource) throw sameColumnTwice(table, chosenMessage);

  let message = chosenMessage;
  if (message === -1)
    message = single(table, fields, 'message', byName(names, fields, 'message', chosenSource));
  if (message === -1) message = fallback;
  if (message === -1) throw missingColumn(table, fields);
  let source = chosenSource;
  if (source === -1 && !isFixed)
    source = single(table, fields, 'source', byName(names, fields, 'source', message));

  const labels = names.named(FIELD.label);
  if (labels.length > 1) throw duplicateColumn(table, fields, labels, undefined);
  const levels = fields.names.level.flatMap((name) => names.like(name));
  const level = levels.find((index) => index !== message && index !== source) ?? -1;
  const label = labels[0] ?? -1;
  const free = (index: number): boolean => ![message, source, level, label].includes(index);
  const time = fields.names.time.flatMap((name) => names.like(name)).find(free) ?? -1;
  const isOfDay = comparableCell(table.header[time] ?? '') === 'time';
  const date = (isOfDay ? names.like('date').find(free) : undefined) ?? -1;
  const taken = new Set([message, source, level, label]);
  const otherMessages =
    chosenMessage === -1
      ? inOrder(names, fields, 'message')
          .flat()
          .filter((index) => !taken.has(index))
      : [];
  return { message, otherMessages: [...new Set(otherMessages)], source, level, time, date, label };
}

/** Returns the column of the message by its name; -1 if there is none, or several. */
export function messageByName(table: TableStart, fields: FieldChoice): number {
  try {
    return chooseColumns(table, { ...fields, source: '' }).message;
  } catch (error) {
    if (error instanceof AppError) return -1;
    throw error;
  }
}

/** Returns all columns with the name that wins. */
function byName(names: ColumnNames, fields: FieldChoice, field: NamedField, taken: number): number[] {
  const free = inOrder(names, fields, field).map((indices) => indices.filter((index) => index !== taken));
  return free.find((indices) => indices.length > 0) ?? [];
}

/** Returns the columns of each known name, in order of preference. */
function inOrder(names: ColumnNames, fields: FieldChoice, field: NamedField): (readonly number[])[] {
  return [names.exactly(FIELD[field]), ...fields.names[field].map((name) => names.like(name))];
}

function chosenColumn(table: TableStart, names: ColumnNames, fields: FieldChoice, field: NamedField): number {
  const value = field === 'message' ? fields.messageColumn : fields.sourceColumn;
  if (value === undefined) return -1;
  const identical = names.identical(value);
  const named = identical.length > 0 ? identical : names.like(value);
  if (named.length > 0) return single(table, fields, field, named);
  const number = columnNumber(value);
  if (number !== undefined && number <= table.header.length) return number - 1;
  throw unknownColumn(table, fields, field, value);
}

function single(
  table: TableStart,
  fields: FieldChoice,
  field: NamedField,
  indices: readonly number[],
): number {
  if (indices.length > 1) throw duplicateColumn(table, fields, indices, field);
  return indices[0] ?? -1;
}
