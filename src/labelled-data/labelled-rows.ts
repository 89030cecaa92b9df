import { openText } from '../text/open-text.js';
import { findColumn } from '../formats/csv/layout.js';
import { openTable } from '../formats/csv/reader.js';
import { FIELD, RECORD_COLUMNS, type LogRecord } from '../log-record.js';

/** A log line of which the right label is known. */
export interface LabelledRecord extends LogRecord {
  /** The right label, without white space around it. */
  label: string;
  /** The kind of system, from the column `family` if the file has one and the row fills it. */
  family?: string;
  /** Where it begins in its file, counted from 1 with the header as line 1. */
  line: number;
}

/** A labelled file: what can be used of it, and where it could not. */
export interface LabelledData {
  records: LabelledRecord[];
  /** Lines of the rows left out because their label is empty. */
  unlabelled: number[];
}

/** The data cannot be learnt from or measured with; the message says why and what to do. */
export class DataError extends Error {
  override name = 'DataError';
}

/**
 * Reads a CSV with the columns source, log_message and target_label, in any of the dialects and encodings
 * that uploads may have.
 * @throws AppError for a malformed CSV, with its line; DataError without a target_label column or any label.
 */
export async function readLabelled(
  bytes: AsyncIterable<Uint8Array>,
  options: { maxCellChars: number },
): Promise<LabelledData> {
  const { bom, text } = await openText(bytes);
  const table = await openTable(text, { bom, maxCellChars: options.maxCellChars, columns: RECORD_COLUMNS });
  const { header } = table.layout;
  if (findColumn(header, FIELD.label) < 0) {
    const found = header.map((name) => JSON.stringify(name)).join(', ');
    throw new DataError(
      `There is no column "${FIELD.label}" with the right labels. Columns found: ${found}.`,
    );
  }

  const toRecord = recordReader(header);
  const data: LabelledData = { records: [], unlabelled: [] };
  for await (const { rows, lineNumbers } of table.chunks()) {
    rows.forEach((row, index) => {
      const record = toRecord(row, lineNumbers[index] ?? 0);
      if (record.label === '') data.unlabelled.push(record.line);
      else data.records.push(record);
    });
  }
  if (data.records.length === 0) throw new DataError('There is no row with a target_label.');
  return data;
}

/** Finds the columns of a header once, and gives the function that reads a row by them. */
function recordReader(header: readonly string[]): (row: readonly string[], line: number) => LabelledRecord {
  const source = findColumn(header, FIELD.source);
  const message = findColumn(header, FIELD.message);
  const label = findColumn(header, FIELD.label);
  const family = findColumn(header, 'family');
  return (row, line) => {
    const familyOfRow = row[family]?.trim();
    return {
      source: row[source] ?? '',
      message: row[message] ?? '',
      label: (row[label] ?? '').trim(),
      ...(familyOfRow ? { family: familyOfRow } : {}),
      line,
    };
  };
}
