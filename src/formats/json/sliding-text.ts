import { TEXT_PER_TURN, turnToParse } from '../../async/loop-turns.js';

/**
 * A window over a text that arrives in pieces. `text` holds what has been read but not yet used: everything from `at` on.
 * Readers move `at` forward and call `more` when they need more text.
 */
export class SlidingText {
  text = '';
  /** The index in `text` of the next character to use. */
  at = 0;
  /** The line of the character at `at`, counted from 1. The reader counts on when it passes a line break. */
  line = 1;
  /** The index in `text` at which the line of `at` begins; negative if that part has been dropped. */
  lineStart = 0;
  /** Whether the text has no more pieces. */
  isEnded = false;
  /** Whether the text ends with a flush mark so far. */
  isFlushed = false;
  /** The number of characters that were read from the source. */
  total = 0;
  readonly #source: AsyncGenerator<string, void>;
  #piece = '';

  constructor(source: AsyncGenerator<string, void>) {
    this.#source = source;
  }

  /** The character of the line at which `at` stands, counted from 1. */
  get column(): number {
    return this.at - this.lineStart + 1;
  }

  /** Passes a line break. */
  passNewline(index: number): void {
    this.line += 1;
    this.lineStart = index + 1;
  }

  /**
   * Drops the text before `at` and adds text: a slice of at most TEXT_PER_TURN characters, or more of them while an
   * unfinished record is long, so that the total work stays linear. A flush mark adds no text. The event loop turns for each slice.
   * All indices change; `at` and `lineStart` are adapted.
   * @returns the number of characters dropped; undefined if the text had ended before
   */
  async more(): Promise<number | undefined> {
    if (this.isEnded) return undefined;
    const dropped = this.at;
    const kept = this.text.slice(dropped);
    let added = '';
    do {
      const slice = await this.#nextSlice();
      this.isFlushed = slice === '';
      if (slice === undefined) this.isEnded = true;
      else added += slice;
    } while (!this.isEnded && !this.isFlushed && 2 * added.length < kept.length);
    this.text = kept + added;
    this.total += added.length;
    this.at = 0;
    this.lineStart -= dropped;
    return dropped;
  }

  /** Closes the source. */
  async close(): Promise<void> {
    this.isEnded = true;
    await this.#source.return();
  }

  /** Returns the next text; an empty one for a flush mark, undefined at the end. */
  async #nextSlice(): Promise<string | undefined> {
    if (this.#piece === '') {
      const next = await this.#source.next();
      if (next.done === true) return undefined;
      if (next.value === '') return '';
      this.#piece = next.value;
    }
    const slice = this.#piece.slice(0, TEXT_PER_TURN);
    this.#piece = this.#piece.slice(TEXT_PER_TURN);
    await turnToParse(slice.length);
    return slice;
  }
}
