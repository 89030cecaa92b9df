import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { AppError } from '../errors.js';
import { cellReader } from '../formats/csv/column-names.js';
import { openCsv } from '../formats/csv/csv-input.js';
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

/**
 * Reads a CSV file with the columns of a record, `target_label` and, if present, `family`.
 * @param options.maxCellChars the most characters that a cell may have
 * @throws DataError when the content is malformed or has no labels; the message begins with the path of the file
 * @throws the system's error when the file cannot be read
 */
export async function readLabelledFile(
  file: string,
  options: { maxCellChars: number },
): Promise<LabelledFile> {
  const hash = createHash('sha256');
  try {
    const data = await readLabelledCsv(hashing(createReadStream(file), hash), options);
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
 * @param options.maxCellChars the most characters that a cell may have
 * @throws AppError when the CSV is malformed
 * @throws DataError when the CSV has no column `target_label`, or no row has a label
 */
export async function readLabelledCsv(
  bytes: AsyncIterable<Uint8Array>,
  options: { maxCellChars: number },
): Promise<LabelledData> {
  const { bom, text } = await openText(bytes);
  const { maxCellChars } = options;
  const table = await openCsv(text, { bom, maxCellChars, fields: KNOWN_FIELDS, onError: 'fail' });
  const { header } = table.layout;
  if (table.columns.label === -1) {
    await table.close();
    const found = header.map((name) => JSON.stringify(name)).join(', ');
    throw new DataError(
      `The column "${FIELD.label}" with the right labels is missing. Columns found: ${found}.`,
    );
  }

  const labelOf = cellReader(header, FIELD.label);
  const familyOf = cellReader(header, 'family');
  const data: LabelledData = { records: [], unlabelled: [] };
  for await (const { records, rows, lineNumbers } of table.chunks()) {
    records.forEach((record, index) => {
      const row = rows[index] ?? [];
      const [label, family, line] = [labelOf(row), familyOf(row), lineNumbers[index] ?? 0];
      if (label === '') data.unlabelled.push(line);
      else data.records.push({ ...record, label, ...(family === '' ? {} : { family }), line });
    });
  }
  if (data.records.length === 0) {
    throw new DataError(`No row has a ${FIELD.label}. Fill in the labels of at least some rows.`);
  }
  return data;
}
