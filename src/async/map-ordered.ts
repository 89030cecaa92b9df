/**
 * Maps a stream with up to `concurrency` items under way at once; results leave in the order of the items.
 * The source is read no further ahead than that, so that a slow consumer stops it. When it fails or the
 * consumer stops early, what is under way is left to end unseen and the source is closed.
 */
export async function* mapOrdered<In, Out>(
  source: AsyncIterable<In> | Iterable<In>,
  concurrency: number,
  map: (item: In) => Promise<Out>,
): AsyncGenerator<Out> {
  const underWay: Promise<Out>[] = [];
  for await (const item of source) {
    const result = map(item);
    // It is awaited in its turn; until then an early failure must not count as unhandled.
    result.catch(() => undefined);
    underWay.push(result);
    if (underWay.length >= concurrency) yield (await underWay.shift()) as Out;
  }
  for (const result of underWay) yield await result;
}
