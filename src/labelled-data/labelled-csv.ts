import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { AppError } from '../errors.js';
import { cellReader } from '../formats/csv/column-names.js';
import { openCsv, type CsvInput } from '../formats/csv/csv-input.js';
import { KNOWN_FIELDS } from '../formats/fields.js';
import { FIELD, type LogRecord } from '../log-record.js';
import { openText } from '../text/open-text.js';

/** A log line with its right label. */
export interface LabelledRecord extends LogRecord {
  /** The right label, trimmed. */
  label: string;
  /** The kind of system, from the column `family`; missing if there is no such column or the cell is empty. */
  family?: string;
  /** The line of the file on which the row begins, counted from 1. */
  line: number;
}

/** The rows of a labelled CSV. */
export interface LabelledData {
  records: LabelledRecord[];
  /** The line numbers of the rows without a label. These rows are not in `records`. */
  unlabelled: number[];
}

/** The rows of a labelled CSV file. */
export interface LabelledFile extends LabelledData {
  /** SHA-256 of the file's bytes, in hex. */
  sha256: string;
}

/** Training or evaluation cannot use its data or a file of an option. The message gives the reason and a remedy. */
export class DataError extends Error {
  override name = 'DataError';
}

/** How to read a labelled CSV. */
export interface LabelledOptions {
  /** The most characters that a cell may have. */
  maxCellChars: number;
}

/**
 * Reads a CSV file with the columns of a record, `target_label` and, if present, `family`.
 * @throws DataError when the content is malformed or has no labels; the message begins with the path of the file
 * @throws the system's error when the file cannot be read
 */
export async function readLabelledFile(file: string, options: LabelledOptions): Promise<LabelledFile> {
  return hashedFile(file, (bytes) => readLabelledCsv(bytes, options));
}

/**
 * Reads a file with `read` and adds the SHA-256 of its bytes to the result.
 * @throws DataError instead of an AppError or a DataError of `read`; the message begins with the path of the file
 * @throws the system's error when the file cannot be read
 */
export async function hashedFile<T>(
  file: string,
  read: (bytes: AsyncIterable<Buffer>) => Promise<T>,
): Promise<T & { sha256: string }> {
  const hash = createHash('sha256');
  try {
    const data = await read(hashing(createReadStream(file), hash));
    return { ...data, sha256: hash.digest('hex') };
  } catch (error) {
    if (error instanceof AppError || error instanceof DataError) {
      throw new DataError(`${file}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** Yields the chunks and adds each to the hash, so that the file is read only once. */
async function* hashing(bytes: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer, void> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}

/**
 * Reads a CSV with the columns of a record, `target_label` and, if present, `family`. Accepts the same
 * names of columns, delimiters and encodings as an upload.
 * @throws AppError when the CSV is malformed
 * @throws DataError when the CSV has no column `target_label`, or no row has a label
 */
export async function readLabelledCsv(
  bytes: AsyncIterable<Uint8Array>,
  options: LabelledOptions,
): Promise<LabelledData> {
  const table = await openTable(bytes, options);
  if (table.columns.label === -1) {
    await table.close();
    throw new DataError(
      `The column "${FIELD.label}" with the right labels is missing. ${columnsFound(table.layout.header)}`,
    );
  }
  const data: LabelledData = { records: [], unlabelled: [] };
  for await (const { record, cells, line } of tableRows(table, [FIELD.label, 'family'])) {
    const [label = '', family = ''] = cells;
    if (label === '') data.unlabelled.push(line);
    else data.records.push({ ...record, label, ...(family === '' ? {} : { family }), line });
  }
  if (data.records.length === 0) {
    throw new DataError(`No row has a ${FIELD.label}. Fill in the labels of at least some rows.`);
  }
  return data;
}

/**
 * Opens a CSV with the columns of a record.
 * @throws AppError when it is malformed
 */
export async function openTable(
  bytes: AsyncIterable<Uint8Array>,
  { maxCellChars }: LabelledOptions,
): Promise<CsvInput> {
  const { bom, text } = await openText(bytes);
  return openCsv(text, { bom, maxCellChars, fields: KNOWN_FIELDS, onError: 'fail' });
}

/** A row of a table. */
export interface TableRow {
  readonly record: LogRecord;
  /** The trimmed cells of the columns asked for; empty if there is no such column. */
  readonly cells: readonly string[];
  /** The line of the file on which the row begins, counted from 1. */
  readonly line: number;
}

/**
 * Yields the rows of a table with the cells of additional columns.
 * @throws AppError when a row is malformed
 */
export async function* tableRows(
  table: CsvInput,
  columns: readonly string[],
): AsyncGenerator<TableRow, void> {
  const readers = columns.map((column) => cellReader(table.layout.header, column));
  for await (const { records, rows, lines } of table.chunks()) {
    for (const [index, { source, message, level }] of records.entries()) {
      const row = rows[index] ?? [];
      const record = level === undefined ? { source, message } : { source, message, level };
      yield { record, cells: readers.map((read) => read(row)), line: lines[index] ?? 0 };
    }
  }
}

/** Returns a sentence with the names of the columns, for errors. */
export function columnsFound(header: readonly string[]): string {
  return `Columns found: ${header.map((name) => JSON.stringify(name)).join(', ')}.`;
}
