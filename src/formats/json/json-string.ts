const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * Checks one JSON string after the other, each from behind its first quote, in pieces that are cut anywhere.
 * It holds what is written of the string at hand, and no more of it than a limit allows.
 */
export class JsonString {
  /** `invalid`: read() stopped at a character that cannot stand there. */
  state: 'open' | 'closed' | 'invalid' = 'closed';
  /** Whether the string has more characters than its limit; then nothing of it is held. */
  isTooLong = false;
  /** As written, escapes and all. */
  #raw = '';
  #chars = 0;
  #limit: number | undefined;
  #hasEscapes = false;
  /** Whether the last character was the backslash of an escape. */
  #isEscaped = false;
  /** How many digits of a \u escape are yet to come. */
  #hexDigits = 0;

  /** @param limit the most characters to hold; undefined if the string is not needed at all */
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

  /** Reads on, up to the end of the string or of the piece. @returns where it stopped. */
  read(piece: string, from: number): number {
    let at = from;
    while (at < piece.length && this.state === 'open') {
      at = this.#isEscaped || this.#hexDigits > 0 ? this.#readEscape(piece, at) : this.#readPlain(piece, at);
    }
    this.#hold(piece, from, this.state === 'closed' ? at - 1 : at);
    return at;
  }

  /** The string once it is closed; empty if it was not needed or is too long. */
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

  #hold(piece: string, from: number, to: number): void {
    if (this.#limit === undefined) return;
    if (this.#chars <= this.#limit) this.#raw += piece.slice(from, to);
    else {
      this.isTooLong = true;
      this.#raw = '';
    }
  }
}
