/** The line endings. `\r\r\n` is what a program writes that converts `\r\n` once more. */
export type LineEnding = '' | '\n' | '\r\n' | '\r' | '\r\r\n';

const crCode = 13;
const lfCode = 10;

/**
 * Splits a text that arrives in pieces into lines. The lines do not depend on where pieces end. A line that is too long is
 * not kept in memory.
 * @example
 * splitter.push(piece);
 * while (splitter.next()) use(splitter.line);
 */
export class LineSplitter {
  /** The last line, without its ending; empty if it is too long. */
  line = '';
  /** The ending of the last line; empty if the text ends without one. */
  ending: LineEnding = '';
  /** The number of the last line, counted from 1. */
  lineNumber = 0;
  /** Whether the last line has more than the maximum number of characters. */
  isTooLong = false;
  /** The start of the last line if it is too long: at most `keptChars` characters. */
  start = '';

  #text = '';
  #at = 0;
  #nextLf = 0;
  #nextCr = 0;
  #isLast = false;
  /** The part of the current line that came in earlier pieces. */
  #open = '';
  #openIsTooLong = false;
  #openStart = '';

  /**
   * @param maxChars the maximum number of characters of a line
   * @param onTooLong called once for a line that is too long, as soon as this is known, with the number of the line. It
   *   may throw.
   * @param keptChars the number of characters to keep of a line that is too long
   */
  constructor(
    private readonly maxChars: number,
    private readonly onTooLong: (lineNumber: number) => void,
    private readonly keptChars = 0,
  ) {}

  /** Adds text. Call it when `next` has returned false. */
  push(piece: string): void {
    this.#text = this.#text.slice(this.#at) + piece;
    this.#at = 0;
    this.#nextLf = this.#find('\n', 0);
    this.#nextCr = this.#find('\r', 0);
  }

  /** Whether `end` has been called. */
  get isEnded(): boolean {
    return this.#isLast;
  }

  /** Declares that no more text will be pushed. */
  end(): void {
    this.#isLast = true;
  }

  /** Goes to the next line. Returns false if it needs more text, or if the text has ended. */
  next(): boolean {
    const start = this.#at;
    const end = this.#lineEnd(start);
    if (end === this.#text.length) {
      this.#keepOpen(end);
      if (!this.#isLast || (this.#open === '' && !this.#openIsTooLong)) return false;
      return this.#finish('', '', end);
    }
    const ending = this.#endingAt(end);
    if (ending === undefined) {
      this.#keepOpen(end);
      return false;
    }
    return this.#finish(this.#text.slice(start, end), ending, end);
  }

  #finish(tail: string, ending: LineEnding, end: number): true {
    this.#check(tail);
    this.isTooLong = this.#openIsTooLong;
    this.line = this.isTooLong ? '' : this.#open === '' ? tail : this.#open + tail;
    this.start = this.#openStart;
    this.ending = ending;
    this.lineNumber += 1;
    this.#open = '';
    this.#openStart = '';
    this.#openIsTooLong = false;
    this.#at = end + ending.length;
    return true;
  }

  /** Moves the text up to `end` into the open line. */
  #keepOpen(end: number): void {
    const tail = this.#text.slice(this.#at, end);
    this.#check(tail);
    if (!this.#openIsTooLong) this.#open += tail;
    this.#at = end;
  }

  #check(tail: string): void {
    if (this.#openIsTooLong) this.#keepStart(tail);
    if (this.#openIsTooLong || this.#open.length + tail.length <= this.maxChars) return;
    this.#openIsTooLong = true;
    this.#keepStart(this.#open);
    this.#keepStart(tail);
    this.#open = '';
    this.onTooLong(this.lineNumber + 1);
  }

  #keepStart(text: string): void {
    const missing = this.keptChars - this.#openStart.length;
    if (missing > 0) this.#openStart += text.slice(0, missing);
  }

  /** Returns the line ending at a position; undefined if more text may change it. */
  #endingAt(at: number): LineEnding | undefined {
    const text = this.#text;
    if (text.charCodeAt(at) === lfCode) return '\n';
    const second = text.charCodeAt(at + 1);
    if (second === lfCode) return '\r\n';
    if (second === crCode && text.charCodeAt(at + 2) === lfCode) return '\r\r\n';
    const known = at + (second === crCode ? 2 : 1) < text.length;
    return known || this.#isLast ? '\r' : undefined;
  }

  #lineEnd(from: number): number {
    if (this.#nextLf < from) this.#nextLf = this.#find('\n', from);
    if (this.#nextCr < from) this.#nextCr = this.#find('\r', from);
    return Math.min(this.#nextLf, this.#nextCr);
  }

  #find(ending: string, from: number): number {
    const at = this.#text.indexOf(ending, from);
    return at === -1 ? this.#text.length : at;
  }
}
