/**
 * Passes items on until the signal aborts. Reading an upload that has arrived completely does not notice by itself that
 * the client has gone, and may go on for minutes.
 * @throws the reason of the signal
 */
export async function* untilAborted<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void> {
  for await (const item of items) {
    signal?.throwIfAborted();
    yield item;
  }
}
