import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { makeFolder } from '../files/make-folder.js';
import { digestOf } from '../classifier/template/template-digest.js';
import { versionOf } from '../classifier/version-of.js';
import { readFileIfExists, writeFileAtomically } from '../files/write-file-atomically.js';

/** Embeddings kept on disk between runs. */
export interface EmbeddingStore {
  /** Returns the stored embedding and marks it as used. */
  get(template: string): Float32Array | undefined;
  /**
   * Adds embeddings and writes the file, with the order of use. Drops embeddings that contain NaN or infinity. Never
   * rejects: a write error goes to `onProblem`.
   */
  add(embeddings: ReadonlyMap<string, Float32Array>): Promise<void>;
}

/** Upper bound of the entries in the file, about 60 MB. The least recently used ones are dropped. */
const MAX_ENTRIES = 40_000;
const HASH_BYTES = 32;
/** Part of the file's name. Raise it when the format changes. */
const FORMAT_VERSION = 2;

/** What the embeddings depend on; each combination has a separate file. */
export interface EmbeddingSource {
  readonly id: string;
  readonly dimension: number;
  /** SHA-256 of the encoder's files. It distinguishes models that have the same id. */
  readonly sha256: string;
  /** Version of the masks and of the text that the encoder reads, see TEMPLATE_VERSION. */
  readonly templateVersion: number;
}

/**
 * Opens the stored embeddings of an encoder. The file holds for each template its digest (32 bytes) and its embedding
 * (little-endian float32), most recently used last, and then the SHA-256 of these entries. The file may be deleted at
 * any time.
 * @param dir created if missing
 * @param onProblem called when the file cannot be read or written; the store then works without it
 */
export async function openEmbeddingStore(
  dir: string,
  { id, dimension, sha256, templateVersion }: EmbeddingSource,
  onProblem: (problem: string) => void,
  maxEntries = MAX_ENTRIES,
): Promise<EmbeddingStore> {
  const name = `${FORMAT_VERSION} ${id} ${dimension} ${sha256} ${templateVersion}`;
  const file = join(dir, `embeddings-${versionOf(name)}.bin`);
  const report = (error: unknown): void =>
    onProblem(`Embeddings cannot be kept for the next run (${String(error)}).`);
  const bytes = await readFileIfExists(file).catch((error: unknown) => {
    report(error);
    return Buffer.alloc(0);
  });
  const entries = decode(bytes, dimension);
  /** Makes an entry the most recently used one. */
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
        // A failed inference must not be kept for ever.
        if (embedding.every(Number.isFinite)) touch(keyOf(template), embedding);
      }
      if (entries.size === 0) return;
      try {
        await makeFolder(dir);
        await writeFileAtomically(file, encode([...entries].slice(-maxEntries)));
      } catch (error) {
        report(error);
      }
    },
  };
}

/** A damaged file counts as empty: its embeddings can be computed again. */
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
