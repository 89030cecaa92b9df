import { loopTurn } from '../async/loop-turns.js';
import { mapOrdered } from '../async/map-ordered.js';
import { isCut, MAX_CHARS } from '../classifier/template/template.js';
import type { Classification, ClassifierSession } from '../classifier/types.js';
import type { AnswerWriter, Input, RecordChunk } from '../formats/format.js';
import { warningsOf, type Warning, type WarningCounts } from '../formats/warnings.js';
import type { LogRecord, RecordLabel } from '../log-record.js';

/** Maximum number of records of a chunk. A chunk is processed in one turn of the event loop. */
export const CHUNK_RECORDS = 500;
/** A chunk ends when it has at least this many characters. */
export const CHUNK_CHARS = 128 * 1024;

/** Chunks classified at the same time. While one waits for the encoder, others with cached templates proceed. */
const CHUNKS_AT_ONCE = 4;

/** Consecutive records and one label for each of them, in order. */
export interface LabelledChunk<Chunk extends RecordChunk, Label extends RecordLabel = RecordLabel> {
  readonly chunk: Chunk;
  readonly labels: readonly Label[];
}

/** An input and the writer of its answer. */
export interface AnswerJob<Chunk extends RecordChunk> {
  input: Pick<Input<Chunk>, 'counts' | 'close'>;
  writer: AnswerWriter<Chunk>;
  /** Returns warnings about the input besides the counts of its reader. Called after the last chunk. */
  inputWarnings?: () => WarningCounts;
}

/** An input, the session that labels it and the writer of its answer. */
export interface LabelJob<Chunk extends RecordChunk> extends AnswerJob<Chunk> {
  input: Pick<Input<Chunk>, 'chunks' | 'counts' | 'close'>;
  session: ClassifierSession;
}

/** Facts about an answer, without its text. */
export interface AnswerInfo {
  mediaType: string;
  records: number;
  warnings: Warning[];
}

/**
 * Classifies the records of an input and passes the text of the answer to `write`, piece by piece, in the order of the
 * input. It closes the input.
 * @throws what the input, the session or `write` throw
 */
export async function labelInput<Chunk extends RecordChunk>(
  job: LabelJob<Chunk>,
  write: (text: string) => void | Promise<void>,
): Promise<AnswerInfo> {
  return await writeAnswer(job, classifyChunks(job.input.chunks(), job.session), write);
}

/**
 * Passes the text of the answer to labelled records to `write`, piece by piece. It closes the input.
 * @throws what the chunks or `write` throw
 */
export async function writeAnswer<Chunk extends RecordChunk>(
  { input, writer, inputWarnings = () => ({}) }: AnswerJob<Chunk>,
  chunks: AsyncIterable<LabelledChunk<Chunk>>,
  write: (text: string) => void | Promise<void>,
): Promise<AnswerInfo> {
  const counts: LabelCounts = { records: 0, llmUnavailable: 0, empty: 0, cut: 0 };
  try {
    await write(writer.begin());
    for await (const { chunk, labels } of chunks) {
      countLabels(counts, chunk.records, labels);
      await write(writer.chunk(chunk, labels));
    }
  } finally {
    // `chunks` closes the input too, but it never starts if the first write fails.
    await input.close();
  }
  const warnings = warningsAfter(input.counts, counts, inputWarnings());
  await write(writer.end(warnings));
  return { mediaType: writer.mediaType, records: counts.records, warnings };
}

/** Counts of labelled records that warnings report. */
export interface LabelCounts {
  records: number;
  llmUnavailable: number;
  /** Records with an empty message. */
  empty: number;
  /** Records of which the embedding tier read only parts. */
  cut: number;
}

/** Returns the warnings about an input that has been read and labelled. */
export function warningsAfter(
  { blankLines, overwrittenLabels, skipped, otherSheets = 0 }: Input['counts'],
  { llmUnavailable, empty, cut }: LabelCounts,
  inputWarnings: WarningCounts,
): Warning[] {
  return warningsOf({
    'llm-unavailable': llmUnavailable,
    'empty-messages': empty,
    'message-cut': cut,
    'blank-lines': blankLines,
    'target-label-overwritten': overwrittenLabels,
    'rows-skipped': skipped.count,
    'sheets-left-out': otherSheets,
    ...inputWarnings,
  });
}

function countLabels(
  counts: LabelCounts,
  records: readonly LogRecord[],
  labels: readonly RecordLabel[],
): void {
  counts.records += labels.length;
  records.forEach(({ message }, index) => {
    const label = labels[index];
    if (label?.note === 'llm-unavailable') counts.llmUnavailable += 1;
    if (label?.tier === 'none') counts.empty += 1;
    if (label && wasCut(message, label)) counts.cut += 1;
  });
}

/** Whether the embedding tier read only parts of a message. Rules read all of it. */
export function wasCut(message: string, { tier }: Pick<RecordLabel, 'tier'>): boolean {
  return message.length > MAX_CHARS && tier === 'embedding' && isCut(message);
}

/**
 * Classifies the records of an input, up to four chunks at the same time, and yields them in the order of the input.
 * @throws what the chunks or the session throw
 */
export function classifyChunks<Chunk extends RecordChunk>(
  chunks: AsyncIterable<Chunk>,
  session: ClassifierSession,
): AsyncGenerator<LabelledChunk<Chunk, Classification>> {
  const classify = async (chunk: Chunk): Promise<LabelledChunk<Chunk, Classification>> => {
    // A chunk of cached templates waits for nothing else. Without this wait, fast uploads would block the event loop.
    await loopTurn(shareOfTurn(chunk.records));
    return { chunk, labels: await session.classify(chunk.records) };
  };
  return mapOrdered(chunks, CHUNKS_AT_ONCE, classify, ({ isFlushed }) => isFlushed === true);
}

/** Returns the share of a turn that a chunk takes: 1 for a full chunk, less for a small one. */
function shareOfTurn(records: readonly LogRecord[]): number {
  const chars = records.reduce((sum, { source, message }) => sum + source.length + message.length, 0);
  return Math.min(1, Math.max(records.length / CHUNK_RECORDS, chars / CHUNK_CHARS));
}
