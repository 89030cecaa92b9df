/** A source of bytes of which the first have been read. */
export interface PeekedBytes {
  /** The first bytes: at least as many as asked for, unless the source has fewer. */
  first: Buffer;
  /** The bytes after `first`. Whoever stops reading early must call its `return`, which ends the source. */
  rest: AsyncGenerator<Buffer, void>;
}

/** Larger chunks are cut, so that no later stage holds more than a bounded piece of the file at once. */
const maxChunkBytes = 262_144;

/**
 * Reads ahead until `count` bytes (at least 1) are there or the source has ended. When the source fails,
 * its error is passed on as it is.
 */
export async function peek(bytes: AsyncIterable<Uint8Array>, count: number): Promise<PeekedBytes> {
  const rest = inChunks(bytes);
  const chunks: Buffer[] = [];
  let size = 0;
  while (size < count) {
    const next = await rest.next();
    if (next.done === true) break;
    chunks.push(next.value);
    size += next.value.length;
  }
  return { first: Buffer.concat(chunks), rest };
}

async function* inChunks(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += maxChunkBytes) {
      const length = Math.min(maxChunkBytes, chunk.length - at);
      yield Buffer.from(chunk.buffer, chunk.byteOffset + at, length);
    }
  }
}

/** First bytes that have been read already, and then the rest. Ends the rest, too, when nobody reads on. */
export async function* withFirst(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (first.length > 0) yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}
