import type { Encoder } from '../classifier/embedding/encoder.js';

/** Templates handed over between two reports of progress. */
const TEMPLATES_A_STEP = 64;

/**
 * The embedding of each template, in order.
 * @param onProgress called with how many are done
 */
export async function embed(
  templates: readonly string[],
  encoder: Encoder,
  onProgress: (done: number) => void,
): Promise<Float32Array[]> {
  const embeddings: Float32Array[] = [];
  while (embeddings.length < templates.length) {
    const step = templates.slice(embeddings.length, embeddings.length + TEMPLATES_A_STEP);
    embeddings.push(...(await encoder.encode(step)));
    onProgress(embeddings.length);
  }
  return embeddings;
}
