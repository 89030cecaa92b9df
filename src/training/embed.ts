import type { Encoder } from '../classifier/embedding/encoder.js';
import type { EmbeddingStore } from './embedding-store.js';

/** Templates that are encoded between two progress reports. */
const BATCH_SIZE = 64;

/**
 * Returns the embedding of each template, in order.
 * @param options.store embeddings of earlier runs; new ones are added to it
 * @param options.onProgress called with the number of templates that have an embedding
 */
export async function embed(
  templates: readonly string[],
  encoder: Encoder,
  { store, onProgress }: { store: EmbeddingStore | undefined; onProgress: (done: number) => void },
): Promise<Float32Array[]> {
  const missing = templates.filter((template) => !store?.get(template));
  const made = new Map<string, Float32Array>();
  const storedCount = templates.length - missing.length;
  for (let at = 0; at < missing.length; at += BATCH_SIZE) {
    const batch = missing.slice(at, at + BATCH_SIZE);
    const embeddings = await encoder.encode(batch);
    batch.forEach((template, index) => made.set(template, embeddings[index] ?? new Float32Array()));
    onProgress(storedCount + at + batch.length);
  }
  if (missing.length === 0) onProgress(templates.length);
  await store?.add(made);
  return templates.map((template) => made.get(template) ?? store?.get(template) ?? new Float32Array());
}
