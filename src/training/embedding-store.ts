import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { makeFolder } from '../files/make-folder.js';
import { digestOf } from '../classifier/template/template-digest.js';
import { versionOf } from '../classifier/version-of.js';
import { readFileIfExists, writeFileAtomically } from '../files/write-file-atomically.js';

/** Embeddings kept between runs. */
export interface EmbeddingStore {
  get(template: string): Float32Array | undefined;
  /** Keeps more, if they are numbers, and which were used last; on disk too when this ends. */
  add(embeddings: ReadonlyMap<string, Float32Array>): Promise<void>;
}

/** Those used last are kept: some 30 MB. */
const MAX_ENTRIES = 20_000;
const HASH_BYTES = 32;
/** Part of the file's name: raised whenever a file of before would be read wrongly. */
const FORMAT_VERSION = 2;

/** Whose embeddings they are. */
export interface EmbeddingSource {
  readonly id: string;
  readonly dimension: number;
  /** Of the encoder's files: another model under the same name makes other embeddings. */
  readonly sha256: string;
  /** Of templates and of the words in which the encoder reads them. */
  readonly templateVersion: number;
}

/**
 * Opens the embeddings that one encoder made before. The file holds, for each template, its digest and its
 * embedding as little-endian float32, those used last at the end, and the SHA-256 of all that; it may be deleted
 * at any time.
 * @param dir made if it is not there
 * @param onProblem told when they cannot be read or kept: training goes on without
 */
export async function openEmbeddingStore(
  dir: string,
  { id, dimension, sha256, templateVersion }: EmbeddingSource,
  onProblem: (problem: string) => void,
  maxEntries = MAX_ENTRIES,
): Promise<EmbeddingStore> {
  const name = `${FORMAT_VERSION} ${id} ${dimension} ${sha256} ${templateVersion}`;
  const file = join(dir, `embeddings-${versionOf(name)}.bin`);
  const complain = (error: unknown): void => onProblem(`embeddings are not kept (${String(error)})`);
  const bytes = await readFileIfExists(file).catch((error: unknown) => {
    complain(error);
    return Buffer.alloc(0);
  });
  const entries = decode(bytes, dimension);
  /** Puts an embedding behind all others. */
  const touch = (key: string, embedding: Float32Array): void => {
    entries.delete(key);
    entries.set(key, embedding);
  };
  return {
    get: (template) => {
      const key = keyOf(template);
      const embedding = entries.get(key);
      if (embedding) touch(key, embedding);
      return embedding;
    },
    add: async (embeddings) => {
      for (const [template, embedding] of embeddings) {
        // An encoder's accident must not be kept for good.
        if (embedding.every(Number.isFinite)) touch(keyOf(template), embedding);
      }
      if (entries.size === 0) return;
      try {
        await makeFolder(dir);
        await writeFileAtomically(file, encode([...entries].slice(-maxEntries)));
      } catch (error) {
        complain(error);
      }
    },
  };
}

/** A file of another shape, or damaged, counts as empty: what it held can be made again. */
function decode(bytes: Buffer, dimension: number): Map<string, Float32Array> {
  const size = HASH_BYTES + 4 * dimension;
  const entries = new Map<string, Float32Array>();
  const end = bytes.length - HASH_BYTES;
  if (end < 0 || end % size !== 0) return entries;
  if (!sha256Of(bytes.subarray(0, end)).equals(bytes.subarray(end))) return entries;
  for (let at = 0; at < end; at += size) {
    const embedding = Float32Array.from({ length: dimension }, (_, i) =>
      bytes.readFloatLE(at + HASH_BYTES + 4 * i),
    );
    entries.set(bytes.toString('latin1', at, at + HASH_BYTES), embedding);
  }
  return entries;
}

function encode(entries: readonly (readonly [key: string, embedding: Float32Array])[]): Buffer {
  const content = Buffer.concat(
    entries.map(([key, embedding]) => {
      const bytes = Buffer.alloc(HASH_BYTES + 4 * embedding.length);
      bytes.write(key, 'latin1');
      embedding.forEach((value, i) => bytes.writeFloatLE(value, HASH_BYTES + 4 * i));
      return bytes;
    }),
  );
  return Buffer.concat([content, sha256Of(content)]);
}

function sha256Of(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}

function keyOf(template: string): string {
  return digestOf(template).toString('latin1');
}
