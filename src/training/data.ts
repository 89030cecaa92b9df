import { openText } from '../csv/decode.js';
import { findColumn } from '../csv/layout.js';
import { openTable, type TableLayout } from '../csv/reader.js';
import type { LogRecord } from '../classifier/types.js';

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
  // One row a chunk: the count of blank lines then is the one before this row, so that its line can be told.
  const table = await openTable(text, { bom, maxCellChars: options.maxCellChars, chunkRows: 1 });
  const { layout } = table;
  if (layout.labelIndex < 0) {
    const found = layout.header.map((name) => JSON.stringify(name)).join(', ');
    throw new DataError(`There is no column "target_label" with the right labels. Columns found: ${found}.`);
  }

  const familyIndex = findColumn(layout.header, 'family');
  const data: LabelledData = { records: [], unlabelled: [] };
  let textLines = lineCount(layout.header);
  for await (const { rows } of table.chunks()) {
    for (const row of rows) {
      const record = toRecord(row, { ...layout, familyIndex }, table.blankLines + textLines + 1);
      textLines += lineCount(row);
      if (record.label === '') data.unlabelled.push(record.line);
      else data.records.push(record);
    }
  }
  if (data.records.length === 0) throw new DataError('There is no row with a target_label.');
  return data;
}

function toRecord(
  row: readonly string[],
  layout: TableLayout & { familyIndex: number },
  line: number,
): LabelledRecord {
  const family = row[layout.familyIndex]?.trim();
  return {
    source: row[layout.sourceIndex] ?? '',
    message: row[layout.messageIndex] ?? '',
    label: (row[layout.labelIndex] ?? '').trim(),
    ...(family ? { family } : {}),
    line,
  };
}

/** Lines that a row takes: cells in quotes may hold line breaks. */
function lineCount(row: readonly string[]): number {
  return row.reduce((count, cell) => count + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 1);
}
