import {
  cellTooLarge,
  maxColumns,
  rowTooLarge,
  textAfterQuote,
  tooManyCells,
  unclosedQuote,
} from './errors.js';

/** The supported line endings. */
export type Newline = '\n' | '\r\n' | '\r';

const quoteCode = 0x22;
const lfCode = 0x0a;
const crCode = 0x0d;

/** A longer row is parsed cell by cell, so that the number of cells is checked before the complete row is in memory. */
const maxPlainChars = 1_000_000;

/** Maximum number of characters of an incomplete row. It bounds rows of many cells. */
const maxRowChars = 16_000_000;

/**
 * Splits CSV text into rows (RFC 4180 with LF, CRLF or CR, also mixed). The caller pushes pieces of text that may end
 * anywhere, and calls `next` after each until it returns undefined.
 *
 * The time is linear: each character is searched a bounded number of times. Between pieces it keeps the incomplete row
 * if it is short and has no quote, otherwise only the incomplete cell.
 *
 * A quote is special only as the first character of a cell. Cells are slices that keep their piece of text in memory;
 * copy cells that must be kept for long.
 */
export class Tokenizer {
  /** The names of the columns, set after the header has been read. They name the column of a cell that is too large. */
  columns: readonly string[] | undefined;
  /** The line on which the last returned row begins, counted from 1. */
  line = 1;
  /** The number of characters in the last returned row, including delimiters. */
  size = 0;
  /** The text of the last returned row without its line ending; undefined if the row has a quote or is very long. */
  rawRow: string | undefined;
  /** The number of rows that ended with each line ending. */
  readonly newlines = new Map<Newline, number>();

  readonly #delimiter: string;
  readonly #maxCellChars: number;
  readonly #delimiters: ForwardSearch;
  readonly #quotes = new ForwardSearch('"');
  readonly #lineFeeds = new ForwardSearch('\n');
  readonly #returns = new ForwardSearch('\r');

  #text = '';
  #isLast = false;
  /** The index at which the current cell begins, including its quote. */
  #at = 0;
  /** The current cell has been searched up to this index without finding its end. */
  #searched = 0;
  /** The number of doubled quotes found in the current cell. */
  #doubled = 0;
  /** The complete cells of the current row. */
  #cells: string[] = [];
  #cellChars = 0;
  /** The line on which the current cell begins. */
  #line = 1;
  #rowLine = 1;

  constructor(options: { delimiter: string; maxCellChars: number }) {
    this.#delimiter = options.delimiter;
    this.#maxCellChars = options.maxCellChars;
    this.#delimiters = new ForwardSearch(options.delimiter);
  }

  /**
   * The preferred length of the next push. Each push copies the incomplete cell, so pushing as many characters as it
   * has keeps the total time linear. It does not go far beyond the limit of a cell.
   */
  get preferredPushChars(): number {
    const open = this.#text.length - this.#at;
    return Math.min(open, this.#maxCellChars + this.#doubled - open);
  }

  /** Appends text to the unconsumed rest. */
  push(text: string): void {
    this.#text = this.#text.slice(this.#at) + text;
    this.#searched -= this.#at;
    this.#at = 0;
    for (const search of [this.#delimiters, this.#quotes, this.#lineFeeds, this.#returns])
      search.reset(this.#text);
  }

  /** Whether `end` has been called. */
  get isEnded(): boolean {
    return this.#isLast;
  }

  /** Declares that no more text will be pushed. The rest of the text is the last row. */
  end(): void {
    this.#isLast = true;
  }

  /**
   * Returns the next row; undefined if it needs more text.
   * @throws AppError `csv_malformed` for a quote that is not closed or is followed by text, and for too many cells
   * @throws AppError `cell_too_large` for a cell or a row over its limit
   */
  next(): string[] | undefined {
    return this.#isPlain() ? this.#nextPlain() : this.#nextByCells();
  }

  /**
   * Whether the current row has no quote so far and is short enough that no cell can be too large. It always examines
   * the row from its start, so the result does not depend on where pieces end.
   */
  #isPlain(): boolean {
    const start = this.#at;
    if (this.#cells.length > 0 || this.#searched > start) return false;
    const end = this.#lineEnd(start);
    return end - start <= Math.min(this.#maxCellChars, maxPlainChars) && this.#quotes.from(start) >= end;
  }

  /** The fast path for a plain row: splits the complete line at once. */
  #nextPlain(): string[] | undefined {
    const start = this.#at;
    const end = this.#lineEnd(start);
    if (start === this.#text.length || this.#isUndecided(end)) return undefined;
    this.#cellChars = end - start;
    const rawRow = this.#text.slice(start, end);
    return this.#endRow(end, rawRow.split(this.#delimiter), rawRow);
  }

  #nextByCells(): string[] | undefined {
    for (;;) {
      const isAtEnd = this.#at === this.#text.length;
      if (isAtEnd && this.#isLast && this.#cells.length === 0) return undefined;
      const isQuoted = this.#text.charCodeAt(this.#at) === quoteCode;
      const end = isQuoted ? this.#endOfQuoted() : this.#endOfPlain();
      if (end === undefined) {
        this.#checkOpenRow(isQuoted);
        return undefined;
      }
      if (end === this.#text.length || this.#text[end] !== this.#delimiter)
        return this.#endRow(end, this.#cells);
      this.#at = this.#searched = end + 1;
    }
  }

  /** Completes a cell without quotes. Returns the index of its end; undefined if the end is not in the text yet. */
  #endOfPlain(): number | undefined {
    const end = Math.min(this.#delimiters.from(this.#searched), this.#lineEnd(this.#searched));
    if (this.#isUndecided(end)) {
      this.#searched = end;
      return undefined;
    }
    this.#addCell(this.#text.slice(this.#at, end), false);
    return end;
  }

  /** Completes a quoted cell, like `#endOfPlain`. */
  #endOfQuoted(): number | undefined {
    const close = this.#closingQuote();
    if (close === this.#text.length && this.#isLast) throw unclosedQuote(this.#line);
    const end = close + 1;
    if (end > this.#text.length || this.#isUndecided(end)) {
      this.#searched = close;
      return undefined;
    }
    const inner = this.#text.slice(this.#at + 1, close);
    this.#addCell(this.#doubled > 0 ? inner.replaceAll('""', '"') : inner, true);
    this.#line += countLineBreaks(inner);
    this.#doubled = 0;
    if (end < this.#text.length && !this.#endsCell(end)) throw textAfterQuote(this.#line);
    return end;
  }

  #closingQuote(): number {
    let quote = this.#quotes.from(Math.max(this.#at + 1, this.#searched));
    while (this.#text.charCodeAt(quote + 1) === quoteCode) {
      this.#doubled += 1;
      this.#searched = quote + 2;
      quote = this.#quotes.from(quote + 2);
    }
    return quote;
  }

  #addCell(cell: string, isQuoted: boolean): void {
    if (cell.length > this.#maxCellChars) throw this.#tooLarge(isQuoted);
    this.#cells.push(cell);
    this.#cellChars += cell.length + 1;
  }

  #endRow(end: number, row: string[], rawRow?: string): string[] {
    if (row.length > maxColumns) throw tooManyCells(this.#rowLine);
    this.line = this.#rowLine;
    this.rawRow = rawRow;
    this.size = this.#cellChars;
    this.#cells = [];
    this.#cellChars = 0;
    const newline = this.#newlineAt(end);
    if (newline) this.newlines.set(newline, (this.newlines.get(newline) ?? 0) + 1);
    this.#at = this.#searched = end + (newline?.length ?? 0);
    this.#line += 1;
    this.#rowLine = this.#line;
    return row;
  }

  /** Checks the limits of an incomplete row when the text is used up, so that it cannot grow without bound. */
  #checkOpenRow(isQuoted: boolean): void {
    // Up to three characters are not content of the cell: its two quotes, and a CR that may be half of a CRLF.
    if (this.#text.length - this.#at - this.#doubled > this.#maxCellChars + 3) throw this.#tooLarge(isQuoted);
    const rowLimit = Math.max(maxRowChars, this.#maxCellChars);
    if (this.#cellChars > rowLimit) throw rowTooLarge(this.#rowLine, rowLimit);
    if (this.#cells.length > maxColumns) throw tooManyCells(this.#rowLine);
  }

  #tooLarge(isQuoted: boolean): Error {
    const column = this.columns?.[this.#cells.length] ?? this.#cells.length + 1;
    return cellTooLarge(this.#line, column, this.#maxCellChars, isQuoted);
  }

  #lineEnd(from: number): number {
    return Math.min(this.#lineFeeds.from(from), this.#returns.from(from));
  }

  /** Whether more text may change what follows `end`: the text ends there, or a CR there may be half of a CRLF. */
  #isUndecided(end: number): boolean {
    if (this.#isLast) return false;
    const { length } = this.#text;
    return end === length || (end === length - 1 && this.#text.charCodeAt(end) === crCode);
  }

  #endsCell(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    return code === lfCode || code === crCode || this.#text[at] === this.#delimiter;
  }

  #newlineAt(at: number): Newline | undefined {
    if (at === this.#text.length) return undefined;
    if (this.#text.charCodeAt(at) === lfCode) return '\n';
    return this.#text.charCodeAt(at + 1) === lfCode ? '\r\n' : '\r';
  }
}

function countLineBreaks(text: string): number {
  if (!text.includes('\n') && !text.includes('\r')) return 0;
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}

/** Finds occurrences of a string in a text. It remembers the last one, so that each character is searched only once. */
class ForwardSearch {
  readonly #needle: string;
  #text = '';
  #found = -1;

  constructor(needle: string) {
    this.#needle = needle;
  }

  /** Starts again with another text. */
  reset(text: string): void {
    this.#text = text;
    this.#found = -1;
  }

  /**
   * Returns the first occurrence at or after `position`; the length of the text if there is none. `position` must not
   * decrease from call to call.
   */
  from(position: number): number {
    if (this.#found < position) {
      const found = this.#text.indexOf(this.#needle, position);
      this.#found = found === -1 ? this.#text.length : found;
    }
    return this.#found;
  }
}
