import { FIELD, type LogRecord } from '../../log-record.js';
import { findColumn, type ExpectedColumns } from './layout.js';

/** The columns of a CSV file with records. */
export const RECORD_COLUMNS: ExpectedColumns = {
  required: [FIELD.source, FIELD.message],
  optional: [FIELD.label],
};

/** Looks up the columns of a record once. Returns a function that reads the record of a row. */
export function recordReader(header: readonly string[]): (row: readonly string[]) => LogRecord {
  const source = findColumn(header, FIELD.source);
  const message = findColumn(header, FIELD.message);
  return (row) => ({ source: row[source] ?? '', message: row[message] ?? '' });
}

/** Looks up a column once. Returns a function that reads its trimmed cell; empty if the column does not exist. */
export function cellReader(header: readonly string[], name: string): (row: readonly string[]) => string {
  const index = findColumn(header, name);
  return (row) => (row[index] ?? '').trim();
}
