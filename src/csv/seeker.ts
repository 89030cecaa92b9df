/**
 * Finds one string in a text, going forward. The last find is kept, so that each character is looked at
 * once, however often it is asked for the next one.
 */
export class Seeker {
  readonly #needle: string;
  #text = '';
  #found = -1;

  constructor(needle: string) {
    this.#needle = needle;
  }

  /** Starts over with another text. */
  reset(text: string): void {
    this.#text = text;
    this.#found = -1;
  }

  /**
   * The first index >= `position` at which the string stands; the text's length if there is none.
   * Positions must not fall from call to call.
   */
  from(position: number): number {
    if (this.#found < position) {
      const found = this.#text.indexOf(this.#needle, position);
      this.#found = found === -1 ? this.#text.length : found;
    }
    return this.#found;
  }
}
