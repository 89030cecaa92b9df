/**
 * The same text in pieces of at least `size` characters (the last may be shorter) and less than twice that:
 * a client that sends single bytes must not cause work per byte, nor one huge string a huge row list.
 */
export async function* inPieces(text: AsyncIterable<string>, size: number): AsyncGenerator<string, void> {
  let pending = '';
  for await (const part of text) {
    pending += part;
    while (pending.length >= 2 * size) {
      yield pending.slice(0, size);
      pending = pending.slice(size);
    }
    if (pending.length >= size) {
      yield pending;
      pending = '';
    }
  }
  if (pending !== '') yield pending;
}
