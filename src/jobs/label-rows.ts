import type { Classification, ClassifierSession } from '../classifier/types.js';
import type { Input, RecordChunk } from '../formats/format.js';
import { selectRecords } from '../formats/select-records.js';
import { classifyChunks } from '../pipeline/label-input.js';
import type { RowBatches } from './row-batches.js';
import type { RowBatch } from './store/batch.js';
import { add, type RowCounts } from './store/stored-counts.js';

/** Batches that are on their way to the store at the same time. */
const BATCHES_AT_ONCE = 4;

/**
 * Labels the records of an input and passes them to `append`, in order. It closes the input.
 * @param batches makes batches of the rows
 * @param counts the rows that were appended already: they are read, but not labelled again. Counts the others.
 * @param onProgress called after each chunk
 * @throws what the input, the session or `append` throw
 */
export async function labelRows(
  input: Pick<Input, 'chunks' | 'close'>,
  session: ClassifierSession,
  batches: RowBatches,
  append: (batch: RowBatch) => Promise<void>,
  counts: RowCounts,
  onProgress: () => void,
): Promise<void> {
  const pending: Promise<void>[] = [];
  try {
    const chunks = classifyChunks(skipRows(input.chunks(), counts.rows), session);
    for await (const { chunk, labels } of chunks) {
      const batch = batches.of(chunk, labels, counts.rows);
      count(counts, batch, labels);
      pending.push(append(batch));
      // A rejection is thrown when its turn to be awaited comes.
      pending.at(-1)?.catch(() => undefined);
      if (pending.length >= BATCHES_AT_ONCE) await pending.shift();
      onProgress();
    }
    await Promise.all(pending);
  } finally {
    await input.close();
  }
}

/** Leaves out the first rows of an input. Chunks may be cut at other rows than in the first run. */
async function* skipRows<Chunk extends RecordChunk>(
  chunks: AsyncIterable<Chunk>,
  rows: number,
): AsyncGenerator<Chunk, void> {
  let left = rows;
  for await (const chunk of chunks) {
    const { length } = chunk.records;
    const skipped = left;
    left = Math.max(0, left - length);
    if (skipped === 0) yield chunk;
    else if (skipped < length) yield selectRecords(chunk, (index) => index >= skipped);
  }
}

function count(counts: RowCounts, batch: RowBatch, labels: readonly Classification[]): void {
  counts.rows += labels.length;
  counts.cut += batch.cuts.filter(Boolean).length;
  for (const { label, tier, note } of labels) {
    add(counts.labels, label, 1);
    add(counts.tiers, tier, 1);
    add(counts.notes, note, 1);
  }
}
