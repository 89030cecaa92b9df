import { loopTurn } from '../async/loop-turns.js';
import type { Classification, ClassifierSession } from '../classifier/types.js';
import type { RowChunk, TableLayout } from '../csv/reader.js';
import { csvFormat, jsonFormat } from './formats.js';
import { mapOrdered } from './map-ordered.js';
import { warningsOf, type Warning } from './warnings.js';

/** Rows and characters of a chunk: what the event loop does in one go must stay short. */
export const CHUNK_ROWS = 500;
export const CHUNK_CHARS = 128 * 1024;

/** Chunks under way at once: enough that a chunk of known templates need not wait for one of new ones. */
const CHUNKS_AT_ONCE = 4;

/** Rows to be labelled and how the answer is to look. */
export interface RowJob {
  layout: TableLayout;
  chunks: AsyncIterable<RowChunk> | Iterable<RowChunk>;
  session: ClassifierSession;
  format: 'csv' | 'json';
  /** With the detail columns; JSON answers always carry them. */
  details: boolean;
  /** Blank lines that were left out; asked once all chunks have been read. */
  blankLines: () => number;
}

/** What an answer is, beside its text. */
export interface Answer {
  mediaType: string;
  rows: number;
  warnings: Warning[];
}

/**
 * Labels rows, chunk by chunk and in order, and writes the answer down piece by piece.
 * @throws what the chunks, the session or `write` throw
 */
export async function labelRows(job: RowJob, write: (text: string) => void | Promise<void>): Promise<Answer> {
  const format = job.format === 'csv' ? csvFormat(job.layout, job.details) : jsonFormat();
  let count = 0;
  let llmUnavailable = 0;
  await write(format.head());
  for await (const { chunk, results } of labelled(job)) {
    count += results.length;
    for (const { note } of results) if (note === 'llm-unavailable') llmUnavailable += 1;
    await write(format.rows(chunk, results));
  }
  const warnings = warningsOf({ 'llm-unavailable': llmUnavailable, 'blank-lines': job.blankLines() });
  await write(format.tail(warnings));
  return { mediaType: format.mediaType, rows: count, warnings };
}

function labelled({
  chunks,
  session,
  layout: { sourceIndex, messageIndex },
}: RowJob): AsyncGenerator<{ chunk: RowChunk; results: Classification[] }> {
  return mapOrdered(chunks, CHUNKS_AT_ONCE, async (chunk) => {
    // A chunk of known templates is done without waiting for anything: without this, fast uploads of them would
    // keep the event loop from everybody else.
    await loopTurn(shareOfTurn(chunk));
    const records = chunk.rows.map((row) => ({
      source: row[sourceIndex] ?? '',
      message: row[messageIndex] ?? '',
    }));
    return { chunk, results: await session.classify(records) };
  });
}

/** A full chunk takes a whole turn of the event loop; a small request's chunk leaves room for others. */
function shareOfTurn({ rows }: RowChunk): number {
  const chars = rows.reduce((sum, row) => row.reduce((size, cell) => size + cell.length, sum), 0);
  return Math.min(1, Math.max(rows.length / CHUNK_ROWS, chars / CHUNK_CHARS));
}
