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
