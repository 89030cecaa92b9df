import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { versionOf } from '../classifier/version-of.js';
import { writeWhole } from './write-whole.js';

/** Embeddings kept between runs. */
export interface EmbeddingStore {
  get(template: string): Float32Array | undefined;
  /** Keeps more, on disk too when this ends. */
  add(embeddings: ReadonlyMap<string, Float32Array>): Promise<void>;
}

/** The newest are kept: some 30 MB. */
const MAX_ENTRIES = 20_000;
const HASH_BYTES = 32;

/**
 * Opens the embeddings that one encoder made before. The file holds, for each template, its SHA-256 and its
 * embedding as little-endian float32, oldest first; it may be deleted at any time.
 * @param dir made if it is not there
 * @param onProblem told when they cannot be read or kept: training goes on without
 */
export async function openEmbeddingStore(
  dir: string,
  encoder: { readonly id: string; readonly dimension: number },
  onProblem: (problem: string) => void,
): Promise<EmbeddingStore> {
  const file = join(dir, `embeddings-${versionOf(`${encoder.id} ${encoder.dimension}`)}.bin`);
  const complain = (error: unknown): void => onProblem(`embeddings are not kept (${String(error)})`);
  const bytes = await readIfThere(file).catch((error: unknown) => {
    complain(error);
    return Buffer.alloc(0);
  });
  const entries = decode(bytes, encoder.dimension);
  return {
    get: (template) => entries.get(keyOf(template)),
    add: async (embeddings) => {
      if (embeddings.size === 0) return;
      for (const [template, embedding] of embeddings) entries.set(keyOf(template), embedding);
      try {
        await mkdir(dir, { recursive: true });
        await writeWhole(file, encode([...entries].slice(-MAX_ENTRIES)));
      } catch (error) {
        complain(error);
      }
    },
  };
}

async function readIfThere(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

/** A file of another shape counts as empty: what it held can be made again. */
function decode(bytes: Buffer, dimension: number): Map<string, Float32Array> {
  const size = HASH_BYTES + 4 * dimension;
  const entries = new Map<string, Float32Array>();
  if (bytes.length % size !== 0) return entries;
  for (let at = 0; at < bytes.length; at += size) {
    const embedding = Float32Array.from({ length: dimension }, (_, i) =>
      bytes.readFloatLE(at + HASH_BYTES + 4 * i),
    );
    entries.set(bytes.toString('latin1', at, at + HASH_BYTES), embedding);
  }
  return entries;
}

function encode(entries: readonly (readonly [key: string, embedding: Float32Array])[]): Buffer {
  return Buffer.concat(
    entries.map(([key, embedding]) => {
      const bytes = Buffer.alloc(HASH_BYTES + 4 * embedding.length);
      bytes.write(key, 'latin1');
      embedding.forEach((value, i) => bytes.writeFloatLE(value, HASH_BYTES + 4 * i));
      return bytes;
    }),
  );
}

function keyOf(template: string): string {
  return createHash('sha256').update(template).digest().toString('latin1');
}
