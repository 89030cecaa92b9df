import { FLUSH_MARK, isFlushMark } from './live-bytes.js';

/** A byte source whose first bytes have been read already. */
export interface PeekedBytes {
  /** At least as many bytes as requested, unless the source has fewer or a flush mark follows. */
  first: Buffer;
  /** The bytes after `first`. Call its `return` to stop early; that closes the source. */
  rest: AsyncGenerator<Buffer, void>;
  /** Whether `first` is all. */
  isEnded: boolean;
}

/** Larger chunks are split, so that no later stage holds more than this at once. */
const maxChunkBytes = 262_144;

/**
 * Reads until at least `count` bytes (1 or more) have arrived, the source has ended, or a flush mark follows bytes. The
 * mark stays in `rest`.
 * @throws the error of the source
 */
export async function peek(bytes: AsyncIterable<Uint8Array>, count: number): Promise<PeekedBytes> {
  const rest = inChunks(bytes);
  const chunks: Buffer[] = [];
  let size = 0;
  let isEnded = false;
  while (size < count) {
    const next = await rest.next();
    if (next.done === true) {
      isEnded = true;
      break;
    }
    if (isFlushMark(next.value)) {
      if (size > 0) return { first: Buffer.concat(chunks), rest: withFirst(FLUSH_MARK, rest), isEnded };
      continue;
    }
    chunks.push(next.value);
    size += next.value.length;
  }
  return { first: Buffer.concat(chunks), rest, isEnded };
}

async function* inChunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  for await (const chunk of bytes) {
    if (isFlushMark(chunk)) yield FLUSH_MARK;
    for (let at = 0; at < chunk.length; at += maxChunkBytes) {
      const length = Math.min(maxChunkBytes, chunk.length - at);
      yield Buffer.from(chunk.buffer, chunk.byteOffset + at, length);
    }
  }
}

/** Yields bytes that were read before, then the rest. Returning early closes the rest. */
export async function* withFirst<Bytes extends Uint8Array>(
  first: Bytes,
  rest: AsyncGenerator<Bytes, unknown>,
): AsyncGenerator<Bytes, void> {
  try {
    if (first.length > 0 || isFlushMark(first)) yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
