const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * Parses JSON strings, one at a time, from pieces of text that may end anywhere. Reading begins after the opening
 * quote. It keeps the text of the current string up to a limit.
 */
export class JsonString {
  /** `invalid`: read() stopped at a character that is not allowed. */
  state: 'open' | 'closed' | 'invalid' = 'closed';
  /** Whether the string has more characters than its limit. If so, its text is dropped. */
  isTooLong = false;
  /** The text as written, with its escapes. */
  #raw = '';
  #chars = 0;
  #limit: number | undefined;
  #hasEscapes = false;
  /** Whether the last character was the backslash of an escape. */
  #isEscaped = false;
  /** The number of digits that a \u escape still needs. */
  #hexDigits = 0;

  /**
   * Starts a new string.
   * @param limit the most characters to keep; undefined to check the string without keeping it
   */
  begin(limit: number | undefined): void {
    this.state = 'open';
    this.isTooLong = false;
    this.#raw = '';
    this.#chars = 0;
    this.#limit = limit;
    this.#hasEscapes = false;
    this.#isEscaped = false;
    this.#hexDigits = 0;
  }

  /**
   * Reads up to the end of the string or of the piece.
   * @returns the index where it stopped: after the closing quote, at an invalid character, or at the end of the piece
   */
  read(piece: string, from: number): number {
    let at = from;
    while (at < piece.length && this.state === 'open') {
      at = this.#isEscaped || this.#hexDigits > 0 ? this.#readEscape(piece, at) : this.#readPlain(piece, at);
    }
    this.#keep(piece, from, this.state === 'closed' ? at - 1 : at);
    return at;
  }

  /** The value of the closed string; empty if it is too long or has no limit. */
  get value(): string {
    return this.#hasEscapes ? (JSON.parse(`"${this.#raw}"`) as string) : this.#raw;
  }

  #readPlain(piece: string, from: number): number {
    let at = from;
    let code = SPACE;
    for (; at < piece.length; at++) {
      code = piece.charCodeAt(at);
      if (code === QUOTE || code === BACKSLASH || code < SPACE) break;
    }
    this.#chars += at - from;
    if (at === piece.length) return at;
    if (code === QUOTE) this.state = 'closed';
    else if (code === BACKSLASH) this.#isEscaped = this.#hasEscapes = true;
    else this.state = 'invalid';
    return this.state === 'invalid' ? at : at + 1;
  }

  #readEscape(piece: string, at: number): number {
    const char = piece.charAt(at);
    if (this.#hexDigits > 0 && /[\da-fA-F]/.test(char)) this.#hexDigits--;
    else if (this.#isEscaped && char === 'u') this.#hexDigits = 4;
    else if (!this.#isEscaped || !'"\\/bfnrt'.includes(char)) this.state = 'invalid';
    this.#isEscaped = false;
    if (this.state === 'invalid') return at;
    if (this.#hexDigits === 0) this.#chars++;
    return at + 1;
  }

  #keep(piece: string, from: number, to: number): void {
    if (this.#limit === undefined) return;
    if (this.#chars <= this.#limit) this.#raw += piece.slice(from, to);
    else {
      this.isTooLong = true;
      this.#raw = '';
    }
  }
}
