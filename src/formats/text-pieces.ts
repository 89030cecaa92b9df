/**
 * Joins and splits a text to pieces of at least `size` and less than `2 * size` characters; the last may be shorter. This
 * bounds the work for a text that arrives byte by byte, and for one that arrives at once.
 * @param flushes whether a flush mark, which is an empty piece, ends a piece of any size and is passed on behind it
 */
export async function* inPieces(
  text: AsyncIterable<string>,
  size: number,
  flushes = false,
): AsyncGenerator<string, void> {
  let pending = '';
  for await (const part of text) {
    if (flushes && part === '') {
      if (pending !== '') yield pending;
      yield (pending = '');
      continue;
    }
    pending += part;
    if (pending.length < size) continue;
    let at = 0;
    for (; pending.length - at >= 2 * size; at += size) yield pending.slice(at, at + size);
    yield pending.slice(at);
    pending = '';
  }
  if (pending !== '') yield pending;
}
