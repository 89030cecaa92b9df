import { AppError } from '../../../src/errors.js';
import { openText } from '../../../src/text/open-text.js';
import { openCsv, type CsvInput, type CsvOptions } from '../../../src/formats/csv/csv-input.js';
import type { TableLayout } from '../../../src/formats/csv/layout.js';
import { KNOWN_FIELDS, type FieldChoice } from '../../../src/formats/fields.js';
import type { InputDescription, ReadCounts } from '../../../src/formats/format.js';
import type { LogRecord } from '../../../src/log-record.js';

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

export interface ReadTable {
  layout: TableLayout;
  description: InputDescription;
  counts: ReadCounts;
  records: LogRecord[];
  rows: (readonly string[])[];
  /** As in CsvChunk, for all rows. */
  rawRows: (string | undefined)[];
  /** As in CsvChunk, for all rows. */
  lineNumbers: number[];
  /** The number of rows of each chunk. */
  chunkSizes: number[];
}

export type ReadOptions = Omit<Partial<CsvOptions>, 'fields'> & {
  fields?: Partial<FieldChoice>;
  charset?: string;
  chunkBytes?: number;
};

/** The options of a reader, with defaults for tests. */
export function csvOptions({ fields, ...options }: ReadOptions = {}): CsvOptions {
  return {
    bom: false,
    onError: 'fail',
    maxCellChars: 1_000_000,
    ...options,
    fields: { ...KNOWN_FIELDS, ...fields },
  };
}

async function open(file: string | Uint8Array, options: ReadOptions): Promise<CsvInput> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const { bom, text } = await openText(chunked(bytes, options.chunkBytes).bytes, {
    charset: options.charset,
  });
  return openCsv(text, csvOptions({ bom, ...options }));
}

/** Reads a file completely. Text is encoded as UTF-8 first. */
export async function read(file: string | Uint8Array, options: ReadOptions = {}): Promise<ReadTable> {
  const input = await open(file, options);
  const { layout, description, counts } = input;
  const table: ReadTable = {
    layout,
    description,
    counts,
    records: [],
    rows: [],
    rawRows: [],
    lineNumbers: [],
    chunkSizes: [],
  };
  for await (const chunk of input.chunks()) {
    table.records.push(...chunk.records);
    table.rows.push(...chunk.rows);
    table.rawRows.push(...chunk.rawRows);
    table.lineNumbers.push(...chunk.lines);
    table.chunkSizes.push(chunk.rows.length);
  }
  return table;
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
  { details = false, ...options }: ReadOptions & { details?: boolean } = {},
): Promise<string> {
  const input = await open(file, options);
  const writer = input.answerWriter({ details, bom: input.layout.bom });
  let text = writer.begin();
  for await (const chunk of input.chunks()) {
    text += writer.chunk(
      chunk,
      chunk.records.map(() => ({ label, tier: 'rule', confidence: 1, rule: 'r' })),
    );
  }
  return text + writer.end([]);
}
