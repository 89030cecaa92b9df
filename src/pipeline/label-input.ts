import { loopTurn } from '../async/loop-turns.js';
import { mapOrdered } from '../async/map-ordered.js';
import { isCut, MAX_CHARS } from '../classifier/template/template.js';
import type { Classification, ClassifierSession } from '../classifier/types.js';
import type { AnswerWriter, Input, RecordChunk } from '../formats/format.js';
import { warningsOf, type Warning, type WarningCounts } from '../formats/warnings.js';
import type { LogRecord } from '../log-record.js';

/** Maximum number of records of a chunk. A chunk is processed in one turn of the event loop. */
export const CHUNK_RECORDS = 500;
/** A chunk ends when it has at least this many characters. */
export const CHUNK_CHARS = 128 * 1024;

/** Chunks classified at the same time. While one waits for the encoder, others with cached templates proceed. */
const CHUNKS_AT_ONCE = 4;

/** An input, the session that labels it and the writer of its answer. */
export interface LabelJob<Chunk extends RecordChunk> {
  input: Pick<Input<Chunk>, 'chunks' | 'counts' | 'close'>;
  session: ClassifierSession;
  writer: AnswerWriter<Chunk>;
  /** Returns warnings about the input besides the counts of its reader. Called after the last chunk. */
  inputWarnings?: () => WarningCounts;
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
  { input, session, writer, inputWarnings = () => ({}) }: LabelJob<Chunk>,
  write: (text: string) => void | Promise<void>,
): Promise<AnswerInfo> {
  let records = 0;
  let llmUnavailable = 0;
  let empty = 0;
  let cut = 0;
  try {
    await write(writer.begin());
    for await (const { chunk, labels } of classifyChunks(input.chunks(), session)) {
      records += labels.length;
      for (const { note, tier } of labels) {
        if (note === 'llm-unavailable') llmUnavailable += 1;
        if (tier === 'none') empty += 1;
      }
      cut += countCut(chunk.records, labels);
      await write(writer.chunk(chunk, labels));
    }
  } finally {
    // `chunks` closes the input too, but it never starts if the first write fails.
    await input.close();
  }
  const { blankLines, overwrittenLabels, skipped } = input.counts;
  const warnings = warningsOf({
    'llm-unavailable': llmUnavailable,
    'empty-messages': empty,
    'message-cut': cut,
    'blank-lines': blankLines,
    'target-label-overwritten': overwrittenLabels,
    'rows-skipped': skipped.count,
    ...inputWarnings(),
  });
  await write(writer.end(warnings));
  return { mediaType: writer.mediaType, records, warnings };
}

/** Counts the records of which the embedding tier read only parts. Rules read all of a message. */
function countCut(records: readonly LogRecord[], labels: readonly Classification[]): number {
  let cut = 0;
  records.forEach(({ message }, i) => {
    if (message.length > MAX_CHARS && labels[i]?.tier === 'embedding' && isCut(message)) cut += 1;
  });
  return cut;
}

function classifyChunks<Chunk extends RecordChunk>(
  chunks: AsyncIterable<Chunk>,
  session: ClassifierSession,
): AsyncGenerator<{ chunk: Chunk; labels: Classification[] }> {
  const classify = async (chunk: Chunk): Promise<{ chunk: Chunk; labels: Classification[] }> => {
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
