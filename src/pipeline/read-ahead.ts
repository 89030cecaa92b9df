import { OverflowBuffer, type OverflowSettings } from './overflow-buffer.js';

/**
 * The bytes of a source, read as they come, however slowly they are taken: a client that leaves is only noticed
 * while somebody reads from it. What waits is in an OverflowBuffer; when that is full, the source is held back.
 * Ending it early ends the source.
 * @throws what the source throws, at once, whatever still waits; or what its buffer throws
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
    // Not awaited: a read that is under way ends with the next bytes, and nobody is left to be told how.
    Promise.resolve(pieces.return?.()).catch(() => undefined);
    await buffer.stop();
  }
}

/** Never rejects: what goes wrong is thrown to whoever takes. */
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
