/**
 * Finds occurrences of a character in a text. It remembers the last ones, so that each part of the text is searched only
 * once while positions increase. When positions go back, only the part before the remembered one is searched again.
 */
export class ForwardSearch {
  readonly #needle: string;
  #text = '';
  /** There is no occurrence from `#from` up to `#found`. */
  #from = 0;
  #found = -1;
  /** The same for the highest positions searched so far. */
  #lastFrom = 0;
  #lastFound = -1;

  constructor(needle: string) {
    this.#needle = needle;
  }

  /** Starts again with another text. */
  reset(text: string): void {
    this.#text = text;
    this.#from = this.#lastFrom = 0;
    this.#found = this.#lastFound = -1;
  }

  /** Returns the first occurrence at or after `position`; the length of the text if there is none. */
  from(position: number): number {
    if (position > this.#found || position < this.#from) this.#search(position);
    return this.#found;
  }

  #search(position: number): void {
    if (position < this.#lastFrom) {
      const found = this.#text.slice(position, this.#lastFrom).indexOf(this.#needle);
      if (found !== -1) {
        this.#from = position;
        this.#found = position + found;
        return;
      }
      this.#lastFrom = position;
    } else if (position > this.#lastFound) {
      const found = this.#text.indexOf(this.#needle, position);
      this.#lastFrom = position;
      this.#lastFound = found === -1 ? this.#text.length : found;
    }
    this.#from = this.#lastFrom;
    this.#found = this.#lastFound;
  }
}
