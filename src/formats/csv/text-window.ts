import { ForwardSearch } from './forward-search.js';

/** The supported line endings. Python on Windows writes CR CR LF. */
export type Newline = '\n' | '\r\n' | '\r' | '\r\r\n';

const quoteCode = 0x22;
const lfCode = 0x0a;
const crCode = 0x0d;

/**
 * The part of a text that a tokenizer has in memory. It finds delimiters, quotes and line endings, and searches each
 * character a bounded number of times for each of them.
 */
export class TextWindow {
  text = '';
  /** Whether the text ends here. */
  isLast = false;

  readonly #delimiter: string;
  readonly #delimiters: ForwardSearch;
  readonly #quotes = new ForwardSearch('"');
  readonly #lineFeeds = new ForwardSearch('\n');
  readonly #returns = new ForwardSearch('\r');

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
    this.#delimiters = new ForwardSearch(delimiter);
  }

  /** Drops the text before `from`, and appends more. */
  push(from: number, text: string): void {
    this.text = this.text.slice(from) + text;
    for (const search of [this.#delimiters, this.#quotes, this.#lineFeeds, this.#returns])
      search.reset(this.text);
  }

  /** Returns the index of the first delimiter at or after `from`; the length of the text if there is none. */
  delimiter(from: number): number {
    return this.#delimiters.from(from);
  }

  /** Returns the index of the first quote at or after `from`; the length of the text if there is none. */
  quote(from: number): number {
    return this.#quotes.from(from);
  }

  /** Returns the index of the first line break at or after `from`; the length of the text if there is none. */
  lineEnd(from: number): number {
    return Math.min(this.#lineFeeds.from(from), this.#returns.from(from));
  }

  isQuote(at: number): boolean {
    return this.text.charCodeAt(at) === quoteCode;
  }

  isDelimiter(at: number): boolean {
    return this.text[at] === this.#delimiter;
  }

  isLineBreak(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === lfCode || code === crCode;
  }

  /** Returns the line ending at `at`, which is a line break or the end of the text. */
  newlineAt(at: number): Newline | undefined {
    if (at >= this.text.length) return undefined;
    if (this.text.charCodeAt(at) === lfCode) return '\n';
    const next = this.text.charCodeAt(at + 1);
    if (next === lfCode) return '\r\n';
    return next === crCode && this.text.charCodeAt(at + 2) === lfCode ? '\r\r\n' : '\r';
  }

  /** Returns the index after the line ending at `end`. */
  afterNewline(end: number): number {
    return end + (this.newlineAt(end)?.length ?? 0);
  }

  /** Whether more text may change what follows `end`: the text ends there, or CRs there may be part of a line ending. */
  isUndecided(end: number): boolean {
    if (this.isLast) return false;
    const { length } = this.text;
    if (end >= length - 1) return end === length || this.text.charCodeAt(end) === crCode;
    return end === length - 2 && this.text.endsWith('\r\r');
  }

  /** Returns the index of the line after the one at `from`; undefined if it does not begin before or at `end`. */
  nextLineWithin(from: number, end: number): number | undefined {
    const lineEnd = this.lineEnd(from);
    const next = this.afterNewline(lineEnd);
    return lineEnd < end && next <= end ? next : undefined;
  }

  /** Returns the index at which the line of the character at `at` begins, but not less than `least`. */
  startOfLine(at: number, least: number): number {
    let start = at;
    // A limit may lie within a line ending. Then the line is the one that ends here.
    while (start > least && this.text.charCodeAt(start - 1) === crCode) start -= 1;
    while (start > least && !this.isLineBreak(start - 1)) start -= 1;
    return start;
  }
}
