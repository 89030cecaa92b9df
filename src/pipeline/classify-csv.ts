import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Classification, ClassifierSession } from '../classifier/types.js';
import { openText } from '../csv/decode.js';
import { openTable, type Table } from '../csv/reader.js';
import { csvFormat, jsonFormat } from './formats.js';
import { mapOrdered } from './map-ordered.js';
import type { Spool } from './spool.js';
import { warningsOf, type Warning } from './warnings.js';

/** Chunks under way at once: enough that a chunk of known templates need not wait for one of new ones. */
const CHUNKS_AT_ONCE = 4;

/** Rows and characters of a chunk: what the event loop does in one go must stay short. */
const CHUNK_ROWS = 500;
const CHUNK_CHARS = 128 * 1024;

/** One upload and what is to be done with it. */
export interface CsvJob {
  /** The upload, read as fast as it is classified and no faster. */
  bytes: AsyncIterable<Uint8Array>;
  charset?: string | undefined;
  maxCellChars: number;
  session: ClassifierSession;
  /** Where the answer goes. */
  spool: Spool;
  format: 'csv' | 'json';
  /** With the detail columns; JSON answers always carry them. */
  details: boolean;
}

/** An answer that lies whole in the spool. */
export interface CsvAnswer {
  mediaType: string;
  rows: number;
  warnings: Warning[];
}

/**
 * Classifies a CSV upload into the spool.
 * @throws AppError when the upload is not a well-formed CSV with the columns needed, or the disk is full;
 *   the reason of the session's signal when that is aborted. The spool is the caller's to discard.
 */
export async function classifyCsv(job: CsvJob): Promise<CsvAnswer> {
  const { bom, text } = await openText(job.bytes, job.charset === undefined ? {} : { charset: job.charset });
  const table = await openTable(text, {
    bom,
    maxCellChars: job.maxCellChars,
    chunkRows: CHUNK_ROWS,
    chunkChars: CHUNK_CHARS,
  });
  const format = job.format === 'csv' ? csvFormat(table.layout, job.details) : jsonFormat();

  let count = 0;
  let llmUnavailable = 0;
  await job.spool.write(format.head());
  for await (const { rows, results } of classified(table, job.session)) {
    count += rows.length;
    llmUnavailable += results.filter(({ note }) => note === 'llm-unavailable').length;
    await job.spool.write(format.rows(rows, results));
  }
  const warnings = warningsOf({ 'llm-unavailable': llmUnavailable, 'blank-lines': table.blankLines });
  await job.spool.write(format.tail(warnings));
  return { mediaType: format.mediaType, rows: count, warnings };
}

function classified(
  table: Table,
  session: ClassifierSession,
): AsyncGenerator<{ rows: string[][]; results: Classification[] }> {
  const { sourceIndex, messageIndex } = table.layout;
  return mapOrdered(table.chunks(), CHUNKS_AT_ONCE, async ({ rows }) => {
    // A chunk of known templates is done without waiting for anything: without this, a fast upload of them
    // would keep the event loop from everybody else.
    await nextTurn();
    const records = rows.map((row) => ({ source: row[sourceIndex] ?? '', message: row[messageIndex] ?? '' }));
    return { rows, results: await session.classify(records) };
  });
}
