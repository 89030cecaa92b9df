import { OverflowBuffer, type OverflowSettings } from './overflow-buffer.js';

/**
 * Yields the bytes of a source, but reads them as they arrive, even if the consumer is slow: a disconnected client is
 * only noticed while its bytes are read. Unconsumed bytes wait in an OverflowBuffer. When the buffer is full, reading
 * pauses. Returning early closes the source.
 * @throws the source's error at once, before the bytes that still wait
 * @throws the error of the buffer's file
 */
export async function* readAhead(
  source: AsyncIterable<Uint8Array>,
  settings: OverflowSettings,
): AsyncGenerator<Uint8Array, void> {
  const buffer = new OverflowBuffer(settings);
  const pieces = source[Symbol.asyncIterator]();
  void fill(buffer, pieces);
  try {
    for (;;) {
      const piece = await buffer.take();
      if (!piece) return;
      yield piece;
    }
  } finally {
    // Not awaited: a pending read only ends with the next bytes, and its result no longer matters.
    Promise.resolve(pieces.return?.()).catch(() => undefined);
    await buffer.stop();
  }
}

/** Moves bytes from the source to the buffer. Never rejects: `buffer.take` throws the error instead. */
async function fill(buffer: OverflowBuffer, pieces: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
      if (!(await buffer.add(next.value))) return;
    }
    buffer.end();
  } catch (error) {
    buffer.fail(error);
  }
}
