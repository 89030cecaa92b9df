import { AppError } from '../../../src/errors.js';
import { openText } from '../../../src/text/open-text.js';
import { createTableWriter } from '../../../src/formats/csv/writer.js';
import { openTable, type OpenTableOptions, type TableLayout } from '../../../src/formats/csv/reader.js';

/** Splits bytes into chunks of `size`. Counts the chunks that were requested. */
export function chunked(
  bytes: Uint8Array,
  size = 65_536,
): { pulls: number; ended: boolean; bytes: AsyncGenerator<Uint8Array> } {
  const state = { pulls: 0, ended: false, bytes: pull() };
  return state;
  async function* pull(): AsyncGenerator<Uint8Array> {
    try {
      for (let at = 0; at < bytes.length; at += size) {
        state.pulls += 1;
        yield await Promise.resolve(bytes.subarray(at, at + size));
      }
    } finally {
      state.ended = true;
    }
  }
}

/** Joins the parts of a text. */
export async function join(text: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const part of text) all += part;
  return all;
}

/** Decodes bytes with `openText`. */
export async function decode(
  bytes: Uint8Array,
  options: { charset?: string; chunkBytes?: number } = {},
): Promise<{ text: string; encoding: string; bom: boolean }> {
  const opened = await openText(chunked(bytes, options.chunkBytes).bytes, { charset: options.charset });
  return { text: await join(opened.text), encoding: opened.encoding, bom: opened.bom };
}

/** The columns of a log file. */
export const LOG_COLUMNS = { required: ['source', 'log_message'], optional: ['target_label'] };

export interface ReadTable {
  layout: TableLayout;
  rows: (readonly string[])[];
  /** As in RowChunk, for all rows. */
  rawRows: (string | undefined)[];
  /** As in RowChunk, for all rows. */
  lineNumbers: number[];
  /** The number of rows of each chunk. */
  chunkSizes: number[];
  blankLines: number;
}

export type ReadOptions = Partial<OpenTableOptions> & { charset?: string; chunkBytes?: number };

/** Reads a file completely. Text is encoded as UTF-8 first. */
export async function read(file: string | Uint8Array, options: ReadOptions = {}): Promise<ReadTable> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const opened = await openText(chunked(bytes, options.chunkBytes).bytes, { charset: options.charset });
  const table = await openTable(opened.text, {
    bom: opened.bom,
    columns: LOG_COLUMNS,
    maxCellChars: 1_000_000,
    ...options,
  });
  const rows: (readonly string[])[] = [];
  const rawRows: (string | undefined)[] = [];
  const lineNumbers: number[] = [];
  const chunkSizes: number[] = [];
  for await (const chunk of table.chunks()) {
    rows.push(...chunk.rows);
    rawRows.push(...chunk.rawRows);
    lineNumbers.push(...chunk.lineNumbers);
    chunkSizes.push(chunk.rows.length);
  }
  return { layout: table.layout, rows, rawRows, lineNumbers, chunkSizes, blankLines: table.blankLines };
}

/** Returns the AppError of a rejected promise as a plain object. */
export async function problemOf(
  work: Promise<unknown>,
): Promise<{ code: string; detail: string; place: object }> {
  const error: unknown = await work.then(
    () => new Error('It did not fail.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  return { code: error.code, detail: error.message, place: error.place };
}

/** Reads a file and writes it back with `label` in each row. */
export async function relabel(
  file: string | Uint8Array,
  label = 'L',
  options: ReadOptions = {},
): Promise<string> {
  const { layout, rows, rawRows } = await read(file, options);
  const writer = createTableWriter(layout, ['target_label']);
  return (
    writer.header() +
    writer.rows(
      { rows, rawRows },
      rows.map(() => [label]),
    )
  );
}
