/**
 * Joins and splits a text to pieces of at least `size` and less than `2 * size` characters; the last may be shorter. This
 * bounds the work for a text that arrives byte by byte, and for one that arrives at once.
 */
export async function* inPieces(text: AsyncIterable<string>, size: number): AsyncGenerator<string, void> {
  let pending = '';
  for await (const part of text) {
    pending += part;
    if (pending.length < size) continue;
    let at = 0;
    for (; pending.length - at >= 2 * size; at += size) yield pending.slice(at, at + size);
    yield pending.slice(at);
    pending = '';
  }
  if (pending !== '') yield pending;
}
