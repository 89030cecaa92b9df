import {
  cellTooLarge,
  maxColumns,
  rowTooLarge,
  textAfterQuote,
  tooManyCells,
  unclosedQuote,
} from './problems.js';

/** The ways in which a line may end. */
export type Newline = '\n' | '\r\n' | '\r';

const quoteCode = 0x22;
const lfCode = 0x0a;
const crCode = 0x0d;

/** A longer row goes by cells, whose number is then checked before all of it is here. */
const maxPlainChars = 1_000_000;

/** Bounds what an unfinished row of many cells may hold, whatever the limit of a single cell. */
const maxRowChars = 16_000_000;

/**
 * Cuts CSV text into rows (RFC 4180, and any of the three line endings, mixed too). Text is pushed in pieces
 * that may end anywhere; rows are pulled until there are no more. Each character is searched a bounded number
 * of times; carried from piece to piece is an open row while it is short and has no quote, else an open cell.
 *
 * A quote counts only as the first character of a cell; elsewhere it is text. Cells are slices that keep
 * their piece of text in memory: copy what is to be kept for long.
 */
export class Tokenizer {
  /** The header's names once they are known: they name the column of a cell that is too large. */
  columns: readonly string[] | undefined;
  /** The line on which the row pulled last begins, counted from 1. */
  line = 1;
  /** Characters in the row pulled last, delimiters included. */
  size = 0;
  /** The row pulled last as it stands in the text, without its line ending; undefined if it has quotes. */
  plain: string | undefined;
  /** How often each line ending has ended a row. */
  readonly newlines = new Map<Newline, number>();

  readonly #delimiter: string;
  readonly #maxCellChars: number;
  readonly #delimiters: Seeker;
  readonly #quotes = new Seeker('"');
  readonly #lineFeeds = new Seeker('\n');
  readonly #returns = new Seeker('\r');

  #text = '';
  #isLast = false;
  /** Where the open cell begins, quote included. */
  #at = 0;
  /** Up to here the open cell has been searched, and did not end. */
  #searched = 0;
  /** Doubled quotes seen in the open cell. */
  #doubled = 0;
  /** The finished cells of the open row. */
  #cells: string[] = [];
  #cellChars = 0;
  /** The line of the open cell's beginning. */
  #line = 1;
  #rowLine = 1;

  constructor(options: { delimiter: string; maxCellChars: number }) {
    this.#delimiter = options.delimiter;
    this.#maxCellChars = options.maxCellChars;
    this.#delimiters = new Seeker(options.delimiter);
  }

  /**
   * How many characters are best pushed at once: as many as the open cell has, since it is copied with each
   * push and must not be copied time and again, but not far past the limit.
   */
  get appetite(): number {
    const open = this.#text.length - this.#at;
    return Math.min(open, this.#maxCellChars + this.#doubled - open);
  }

  /** Adds text after what is left of the text before. */
  push(text: string): void {
    this.#text = this.#text.slice(this.#at) + text;
    this.#searched -= this.#at;
    this.#at = 0;
    for (const seeker of [this.#delimiters, this.#quotes, this.#lineFeeds, this.#returns])
      seeker.reset(this.#text);
  }

  /** Whether `end` has been called. */
  get isEnded(): boolean {
    return this.#isLast;
  }

  /** Says that no more text will come, so that what is left is the last row. */
  end(): void {
    this.#isLast = true;
  }

  /**
   * The next row, or nothing if it needs more text.
   * @throws AppError `csv_malformed` for a quote that is not closed or is followed by text, `cell_too_large`
   */
  next(): string[] | undefined {
    return this.#isPlain() ? this.#nextPlain() : this.#nextByCells();
  }

  /**
   * Whether the open row has no quote as far as it is here, and is short enough that no cell can be too large. It is
   * judged whole, wherever pieces end: a row comes out the same however the text was cut.
   */
  #isPlain(): boolean {
    const start = this.#at;
    if (this.#cells.length > 0 || this.#searched > start) return false;
    const end = this.#lineEnd(start);
    return end - start <= Math.min(this.#maxCellChars, maxPlainChars) && this.#quotes.from(start) >= end;
  }

  /** The quick way, for a plain row: the whole line at once. */
  #nextPlain(): string[] | undefined {
    const start = this.#at;
    const end = this.#lineEnd(start);
    if (start === this.#text.length || this.#isUndecided(end)) return undefined;
    this.#cellChars = end - start;
    const plain = this.#text.slice(start, end);
    return this.#endRow(end, plain.split(this.#delimiter), plain);
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

  /** Finishes a cell without quotes: the index of what ends it, or nothing if that is not there yet. */
  #endOfPlain(): number | undefined {
    const end = Math.min(this.#delimiters.from(this.#searched), this.#lineEnd(this.#searched));
    if (this.#isUndecided(end)) {
      this.#searched = end;
      return undefined;
    }
    this.#addCell(this.#text.slice(this.#at, end), false);
    return end;
  }

  /** The same for a cell in quotes. */
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

  #endRow(end: number, row: string[], plain?: string): string[] {
    if (row.length > maxColumns) throw tooManyCells(this.#rowLine);
    this.line = this.#rowLine;
    this.plain = plain;
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

  /** Called when the text is used up: what stays open must not grow without bound. */
  #checkOpenRow(isQuoted: boolean): void {
    // Three of them may not be the cell's: its quotes, and a CR that waits for its LF.
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

  /** Whether more text could change what stands at `end`: there is nothing, or a CR that may be half a CRLF. */
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

/**
 * Finds one string in a text, going forward. The last find is kept, so that each character is looked at
 * once, however often it is asked for the next one.
 */
class Seeker {
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
