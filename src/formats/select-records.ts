import type { RecordChunk } from './format.js';

/**
 * Returns a chunk with some of the records, for the writer of its answer. The answer to the selected records has exactly
 * these records; header, delimiter and line ending stay those of the complete input.
 * @param keep tells whether the record at an index of the chunk is selected. Called once for each record, in order
 * @example writer.chunk(selectRecords(chunk, (i) => labels[i]?.label === 'Error'), wanted);
 */
export function selectRecords<Chunk extends RecordChunk>(
  chunk: Chunk,
  keep: (index: number) => boolean,
): Chunk {
  const isKept = chunk.records.map((_, i) => keep(i));
  // Each list of a chunk has one entry for each record, so the result has the type of the chunk.
  const parts = Object.entries(chunk) as [string, unknown][];
  const select = (part: unknown): unknown =>
    Array.isArray(part) ? part.filter((_, i) => isKept[i] === true) : part;
  return Object.fromEntries(parts.map(([name, part]) => [name, select(part)])) as unknown as Chunk;
}
