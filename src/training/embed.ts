import type { Encoder } from '../classifier/embedding/encoder.js';
import type { EmbeddingStore } from './embedding-store.js';

/** Templates handed over between two reports of progress. */
const TEMPLATES_A_STEP = 64;

/**
 * The embedding of each template, in order.
 * @param options.store embeddings of earlier runs: they are not made again, and new ones are put there
 * @param options.onProgress called with how many are done
 */
export async function embed(
  templates: readonly string[],
  encoder: Encoder,
  { store, onProgress }: { store: EmbeddingStore | undefined; onProgress: (done: number) => void },
): Promise<Float32Array[]> {
  const missing = templates.filter((template) => !store?.get(template));
  const made = new Map<string, Float32Array>();
  const known = templates.length - missing.length;
  for (let at = 0; at < missing.length; at += TEMPLATES_A_STEP) {
    const step = missing.slice(at, at + TEMPLATES_A_STEP);
    const embeddings = await encoder.encode(step);
    step.forEach((template, index) => made.set(template, embeddings[index] ?? new Float32Array()));
    onProgress(known + at + step.length);
  }
  if (missing.length === 0) onProgress(templates.length);
  await store?.add(made);
  return templates.map((template) => made.get(template) ?? store?.get(template) ?? new Float32Array());
}
