/**
 * Maps a stream with at most `concurrency` pending results. It yields the results in the order of the items and reads
 * the source no further ahead, so a slow consumer slows down the source. After an item for which `isFlushed` returns true, it
 * yields all results before it reads on.
 *
 * When a result or the source fails, or when the consumer returns early, the source is closed. Pending results are
 * ignored.
 */
export async function* mapOrdered<In, Out>(
  source: AsyncIterable<In> | Iterable<In>,
  concurrency: number,
  map: (item: In) => Promise<Out>,
  isFlushed: (item: In) => boolean = () => false,
): AsyncGenerator<Out> {
  const pending: Promise<Out>[] = [];
  for await (const item of source) {
    const result = map(item);
    // The result is awaited later. Until then, a rejection must not count as unhandled.
    result.catch(() => undefined);
    pending.push(result);
    const wanted = isFlushed(item) ? 0 : concurrency - 1;
    while (pending.length > wanted) yield (await pending.shift()) as Out;
  }
  for (const result of pending) yield await result;
}
