import { loopTurn } from '../async/loop-turns.js';
import { mapOrdered } from '../async/map-ordered.js';
import type { Classification, ClassifierSession } from '../classifier/types.js';
import type { LogRecord } from '../log-record.js';
import type { AnswerWriter } from './answer-writers.js';
import type { Spool } from './spool.js';
import { warningsOf, type Warning } from '../formats/warnings.js';

/** Maximum number of records of a chunk. A chunk is processed in one turn of the event loop. */
export const CHUNK_RECORDS = 500;
/** A chunk ends when it has at least this many characters. */
export const CHUNK_CHARS = 128 * 1024;

/** Chunks classified at the same time. While one waits for the encoder, others with cached templates proceed. */
const CHUNKS_AT_ONCE = 4;

/** How records are labelled and where the answer goes; the same for every format of the input. */
export interface AnswerOptions {
  session: ClassifierSession;
  format: 'csv' | 'json';
  /** Whether a CSV answer has the detail columns. */
  details: boolean;
  /** Receives the answer. */
  spool: Spool;
}

/** An input in chunks, the session that labels it and the writer of its answer. */
export interface LabelJob<Chunk> {
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>;
  recordsOf: (chunk: Chunk) => LogRecord[];
  session: ClassifierSession;
  writer: AnswerWriter<Chunk>;
  /** How many blank lines the reader has skipped. Called after the last chunk. */
  blankLines: () => number;
}

/** Facts about an answer, without its text. */
export interface AnswerInfo {
  mediaType: string;
  records: number;
  warnings: Warning[];
}

/**
 * Classifies chunks and passes the text of the answer to `write`, piece by piece, in the order of the input.
 * @throws what the chunks, the session or `write` throw
 */
export async function labelRecords<Chunk>(
  job: LabelJob<Chunk>,
  write: (text: string) => void | Promise<void>,
): Promise<AnswerInfo> {
  const { writer } = job;
  let records = 0;
  let llmUnavailable = 0;
  await write(writer.begin());
  for await (const { chunk, results } of classifyChunks(job)) {
    records += results.length;
    for (const { note } of results) if (note === 'llm-unavailable') llmUnavailable += 1;
    await write(writer.chunk(chunk, results));
  }
  const warnings = warningsOf({ 'llm-unavailable': llmUnavailable, 'blank-lines': job.blankLines() });
  await write(writer.end(warnings));
  return { mediaType: writer.mediaType, records, warnings };
}

function classifyChunks<Chunk>({
  chunks,
  recordsOf,
  session,
}: LabelJob<Chunk>): AsyncGenerator<{ chunk: Chunk; results: Classification[] }> {
  return mapOrdered(chunks, CHUNKS_AT_ONCE, async (chunk) => {
    const records = recordsOf(chunk);
    // A chunk of cached templates waits for nothing else. Without this wait, fast uploads would block the event loop.
    await loopTurn(shareOfTurn(records));
    return { chunk, results: await session.classify(records) };
  });
}

/** Returns the share of a turn that a chunk takes: 1 for a full chunk, less for a small one. */
function shareOfTurn(records: readonly LogRecord[]): number {
  const chars = records.reduce((sum, { source, message }) => sum + source.length + message.length, 0);
  return Math.min(1, Math.max(records.length / CHUNK_RECORDS, chars / CHUNK_CHARS));
}
