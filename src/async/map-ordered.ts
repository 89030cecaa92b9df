/**
 * Maps a stream with at most `concurrency` pending results. It yields the results in the order of the items and reads
 * the source no further ahead, so a slow consumer slows down the source.
 *
 * When a result or the source fails, or when the consumer returns early, the source is closed. Pending results are
 * ignored.
 */
export async function* mapOrdered<In, Out>(
  source: AsyncIterable<In> | Iterable<In>,
  concurrency: number,
  map: (item: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const pending: Promise<Out>[] = [];
  for await (const item of source) {
    const result = map(item);
    // The result is awaited later. Until then, a rejection must not count as unhandled.
    result.catch(() => undefined);
    pending.push(result);
    if (pending.length >= concurrency) yield (await pending.shift()) as Out;
  }
  for (const result of pending) yield await result;
}
