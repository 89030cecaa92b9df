/** A text in pieces of which the start can be read before the rest. */
export class TextStart {
  /** The text read so far. */
  text = '';
  /** Whether `text` is all there is. */
  isComplete = false;

  constructor(private readonly pieces: AsyncGenerator<string, void>) {}

  /** Reads one more piece. Returns false if there is none. */
  async readMore(): Promise<boolean> {
    const piece = await this.pieces.next();
    if (piece.done === true) this.isComplete = true;
    else this.text += piece.value;
    return !this.isComplete;
  }
}

/**
 * Splits and joins a text to pieces of at least `size` and less than `2 * size` characters; the last may be shorter.
 * This bounds the work per byte when a client sends single bytes, and the number of rows of one huge string.
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
