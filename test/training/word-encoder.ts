import { createHash } from 'node:crypto';
import type { Encoder } from '../../src/classifier/embedding/encoder.js';

const DIMENSION = 32;

/** An encoder without a model: the normalised sum of a fixed random direction for each word. */
export class WordEncoder implements Encoder {
  readonly id: string = 'words';
  readonly fingerprint = 'words';
  readonly dimension: number = DIMENSION;
  readonly threads = 1;
  /** The number of templates encoded so far. */
  encoded = 0;
  closed = false;

  encode(templates: readonly string[]): Promise<Float32Array[]> {
    this.encoded += templates.length;
    return Promise.resolve(templates.map(embeddingOf));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** Returns the fake embedding of a text. */
export function embeddingOf(text: string): Float32Array {
  const sum = new Float64Array(DIMENSION);
  for (const word of text.toLowerCase().split(/\W+/)) {
    const bytes = createHash('sha256').update(word).digest();
    sum.forEach((value, index) => (sum[index] = value + (bytes[index] ?? 0) / 128 - 1));
  }
  const length = Math.hypot(...sum) || 1;
  return Float32Array.from(sum, (value) => value / length);
}
