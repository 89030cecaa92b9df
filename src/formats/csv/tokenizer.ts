import { TEXT_PER_TURN } from '../../async/loop-turns.js';
import type { AppError } from '../../errors.js';
import {
  cellTooLarge,
  continuedLine,
  maxColumns,
  rowTooLarge,
  textAfterQuote,
  tooManyCells,
  unclosedQuote,
} from './errors.js';
import { isContinuation, splitLine } from './single-line.js';
import { TextWindow, type Newline } from './text-window.js';

/** A row that was left out. */
export interface BadRow {
  /** The line on which the row begins, counted from 1. */
  line: number;
  /** The position at which it begins: the number of characters pushed before it. */
  start: number;
  /** Whether it is one line of the row that was left out before, which was read again. */
  isRest: boolean;
  /** Creates the error of the row. Call it only if the text is needed: it takes longer than reading a short row. */
  problem: () => AppError;
}

/** A longer row is parsed cell by cell, so that the number of cells is checked before the complete row is in memory. */
const maxPlainChars = 1_000_000;

/** Maximum number of characters of the cells of a row. It bounds rows of many cells. */
export const maxRowChars = 16_000_000;

/** When bad rows are left out, a row has at most this many characters more than a cell after its first line. */
const moreRereadChars = 1_000_000;

/** To leave out a row takes as long as to parse this many characters. */
const leaveOutChars = 64;

const lineEndings = /\r{1,2}\n|[\r\n]/g;

/** Returned for a row that has been left out. */
const leftOut: string[] = [];
/** Returned for a cell whose row has been left out. */
const noEnd = -1;

/**
 * Splits CSV text into rows (RFC 4180 with LF, CRLF, CR or CR CR LF, also mixed). The caller pushes pieces of text that
 * may end anywhere, and calls `next` after each until it returns undefined.
 *
 * The time is linear: each character is searched a bounded number of times. Between pieces it keeps the incomplete row
 * if it is short and has no quote, otherwise only the incomplete cell.
 *
 * A quote is special only as the first character of a cell. Cells are slices that keep their piece of text in memory;
 * copy cells that must be kept for long.
 *
 * With `onBadRow`, a row that cannot be read is left out. If it was found to be bad on a later line than its first one,
 * these later lines are read again: each as a row of its own, and the last of them, where the error was found, as the
 * start of a row. A line that looks like the inside of a quoted cell is not taken for a row. So no line is read more than four times. For this purpose the text of an incomplete row is kept from
 * its second line on, up to a limit.
 */
export class Tokenizer {
  /** The names of the columns, set after the header has been read. They name the column of a cell that is too large. */
  columns: readonly string[] | undefined;
  /** The line on which the last returned row begins, counted from 1. */
  line: number;
  /** The position at which the last returned row begins: the number of characters pushed before it. */
  start = 0;
  /** The number of characters in the last returned row, including delimiters. */
  size = 0;
  /** The text of the last returned row without its line ending; undefined if the row has a quote or is very long. */
  rawRow: string | undefined;
  /** Whether the last returned row is one line of a bad row, which was read again. */
  isReread = false;
  /** Leaves out bad rows instead of throwing their errors. Set it before the first row or after a good one. */
  onBadRow: ((row: BadRow) => void) | undefined;
  /** The number of rows that ended with each line ending. */
  readonly newlines = new Map<Newline, number>();

  readonly #delimiter: string;
  readonly #maxCellChars: number;
  readonly #lineOf: ((line: number) => number) | undefined;
  readonly #window: TextWindow;

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
  #line: number;
  #rowLine: number;
  /** The number of characters dropped, and the index at which the current row begins; it may have been dropped. */
  #dropped = 0;
  #rowAt = 0;

  /** The index of the second line of the current row; -1 if it has one line so far. Kept only with `onBadRow`. */
  #secondLine = -1;
  /** The index of the end and of the second line of the last row. */
  #lastEnd = 0;
  #lastSecondLine = -1;
  /** Lines before this index are read again as rows of their own. The line that begins here is the last of a bad row. */
  #rereadEnd = -1;
  /** Whether the current and the last row begin on a later line of a bad row. */
  #isInBadRow = false;
  #lastIsInBadRow = false;
  /** Whether the rest of the current line is left out. */
  #isLeavingOut = false;
  /** How much work was done for bad rows since the last pause, in characters. */
  #extraWork = 0;

  /**
   * @param options `line` is the line on which the text begins; default: 1. `lineOf` returns what to call a line in errors
   */
  constructor(options: {
    delimiter: string;
    maxCellChars: number;
    line?: number;
    lineOf?: ((line: number) => number) | undefined;
  }) {
    this.#delimiter = options.delimiter;
    this.#maxCellChars = options.maxCellChars;
    this.#lineOf = options.lineOf;
    this.#window = new TextWindow(options.delimiter);
    this.line = this.#line = this.#rowLine = options.line ?? 1;
  }

  /**
   * The preferred length of the next push. Each push copies the text that is kept, so pushing as many characters as it
   * has keeps the total time linear. It does not go far beyond the limit of a cell or a row.
   */
  get preferredPushChars(): number {
    const open = this.#window.text.length - this.#keptFrom;
    const limit = this.#secondLine === -1 ? this.#maxCellChars + this.#doubled : this.#maxRereadChars;
    return Math.min(open, limit - open);
  }

  /** Appends text to the unconsumed rest. */
  push(text: string): void {
    const from = this.#keptFrom;
    this.#window.push(from, text);
    this.#searched -= from;
    this.#at -= from;
    this.#rowAt -= from;
    this.#dropped += from;
    if (this.#secondLine !== -1) this.#secondLine = 0;
    this.#rereadEnd = -1;
  }

  /** Returns the number of a line for users. In a workbook, it is the number of the sheet's row. */
  numberOf(line: number): number {
    return this.#lineOf === undefined ? line : this.#lineOf(line);
  }

  /** The position at which the current row begins. No later row begins before it. */
  get rowStart(): number {
    return this.#dropped + this.#rowAt;
  }

  /** Whether `end` has been called. */
  get isEnded(): boolean {
    return this.#window.isLast;
  }

  /** Declares that no more text will be pushed. The rest of the text is the last row. */
  end(): void {
    this.#window.isLast = true;
  }

  /** Whether `next` returned undefined because bad rows took a full turn of the event loop. Then call `resume`. */
  get isPaused(): boolean {
    return this.#extraWork >= TEXT_PER_TURN;
  }

  /** Continues after a pause. */
  resume(): void {
    this.#extraWork = 0;
  }

  /**
   * Returns the next row; undefined if it needs more text or is paused.
   * @throws AppError `csv_malformed` for a quote that is not closed or is followed by text, and for too many cells
   * @throws AppError `cell_too_large` for a cell or a row over its limit
   */
  next(): string[] | undefined {
    while (!this.isPaused) {
      const row = this.#nextOrLeftOut();
      if (row !== leftOut) return row;
    }
    return undefined;
  }

  /**
   * Leaves out the last returned row because the caller cannot use it. Call it before the next `next` or `push`, with
   * `onBadRow`.
   */
  reject(problem: () => AppError): void {
    const canReread = !this.isReread && this.#lastSecondLine !== -1;
    this.#report({ line: this.line, start: this.start, isRest: this.#lastIsInBadRow && !canReread, problem });
    if (canReread) this.#reread(this.line + 1, this.#lastSecondLine, this.#lastEnd);
  }

  #report(row: BadRow): void {
    this.#extraWork += leaveOutChars;
    this.onBadRow?.(row);
  }

  #nextOrLeftOut(): string[] | undefined {
    if (this.#at < this.#rereadEnd) return this.#nextReread();
    if (this.#isLeavingOut && !this.#leaveOutLine()) return undefined;
    return this.#isPlain() ? this.#nextPlain() : this.#nextByCells();
  }

  /**
   * Whether the current row has no quote so far and is short enough that no cell can be too large. It always examines
   * the row from its start, so the result does not depend on where pieces end.
   */
  #isPlain(): boolean {
    const start = this.#at;
    if (this.#cells.length > 0 || this.#searched > start) return false;
    const end = this.#window.lineEnd(start);
    return end - start <= Math.min(this.#maxCellChars, maxPlainChars) && this.#window.quote(start) >= end;
  }

  /** The fast path for a plain row: splits the complete line at once. */
  #nextPlain(): string[] | undefined {
    const start = this.#at;
    const end = this.#window.lineEnd(start);
    if (start === this.#window.text.length || this.#window.isUndecided(end)) return undefined;
    this.#cellChars = end - start;
    if (start === end) return this.#endRow(end, [''], '');
    const rawRow = this.#window.text.slice(start, end);
    return this.#endRow(end, rawRow.split(this.#delimiter), rawRow);
  }

  #nextByCells(): string[] | undefined {
    for (;;) {
      const { length } = this.#window.text;
      if (this.#at === length && this.isEnded && this.#cells.length === 0) return undefined;
      const isQuoted = this.#window.isQuote(this.#at);
      const end = isQuoted ? this.#endOfQuoted() : this.#endOfPlain();
      if (end === undefined) return this.#isOpenRowTooLarge(isQuoted) ? leftOut : undefined;
      if (end === noEnd) return leftOut;
      if (end === length || !this.#window.isDelimiter(end)) return this.#endRow(end, this.#cells);
      this.#at = this.#searched = end + 1;
    }
  }

  /**
   * Completes a cell without quotes. Returns the index of its end; undefined if the end is not in the text yet, `noEnd`
   * if the row is left out.
   */
  #endOfPlain(): number | undefined {
    const end = Math.min(this.#window.delimiter(this.#searched), this.#window.lineEnd(this.#searched));
    if (this.#window.isUndecided(end)) {
      this.#searched = end;
      return undefined;
    }
    return this.#addCell(this.#window.text.slice(this.#at, end), false, end) ? end : noEnd;
  }

  /** Completes a quoted cell, like `#endOfPlain`. */
  #endOfQuoted(): number | undefined {
    const { length } = this.#window.text;
    const close = this.#closingQuote();
    if (close === length && this.isEnded) {
      const line = this.#line;
      this.#refuse(close, () => unclosedQuote(this.numberOf(line)), false);
      return noEnd;
    }
    const end = close + 1;
    if (end > length || this.#window.isUndecided(end)) {
      this.#searched = close;
      return undefined;
    }
    const inner = this.#window.text.slice(this.#at + 1, close);
    if (!this.#addCell(this.#doubled > 0 ? inner.replaceAll('""', '"') : inner, true, end)) return noEnd;
    this.#countLines(inner, close);
    this.#doubled = 0;
    if (end < length && !this.#window.isDelimiter(end) && !this.#window.isLineBreak(end)) {
      const line = this.#line;
      this.#refuse(end, () => textAfterQuote(this.numberOf(line)));
      return noEnd;
    }
    return end;
  }

  #closingQuote(): number {
    let quote = this.#window.quote(Math.max(this.#at + 1, this.#searched));
    while (this.#window.isQuote(quote + 1)) {
      this.#doubled += 1;
      this.#searched = quote + 2;
      quote = this.#window.quote(quote + 2);
    }
    return quote;
  }

  /** Counts the line endings in a quoted cell, which ends at `close`. */
  #countLines(inner: string, close: number): void {
    const first = this.#window.lineEnd(this.#at);
    if (first >= close) return;
    const second = this.#window.afterNewline(first);
    if (this.#secondLine === -1 && this.onBadRow) this.#secondLine = second;
    this.#line += 1;
    if (second < close) this.#line += inner.slice(second - this.#at - 1).match(lineEndings)?.length ?? 0;
  }

  /** Adds a cell that ends before `end` to the row. Returns false if the row gets too large and is left out. */
  #addCell(cell: string, isQuoted: boolean, end: number): boolean {
    const line = this.#rowLine;
    const limit = Math.max(maxRowChars, this.#maxCellChars);
    if (cell.length > this.#maxCellChars || this.#isTooLongToReread(end)) this.#refuseLarge(isQuoted);
    else if (this.#cells.length === maxColumns) this.#refuse(end, () => tooManyCells(this.numberOf(line)));
    else if (this.#cellChars + cell.length > limit)
      this.#refuse(end, () => rowTooLarge(this.numberOf(line), limit));
    else {
      this.#cells.push(cell);
      this.#cellChars += cell.length + 1;
      return true;
    }
    return false;
  }

  #endRow(end: number, row: string[], rawRow?: string): string[] {
    const line = this.#rowLine;
    if (row.length > maxColumns) {
      this.#refuse(end, () => tooManyCells(this.numberOf(line)));
      return leftOut;
    }
    this.isReread = this.#isInBadRow && this.#secondLine === -1;
    if (this.isReread && isContinuation(row)) {
      this.#refuse(end, () => continuedLine(this.numberOf(line)));
      return leftOut;
    }
    this.line = line;
    this.start = this.rowStart;
    this.rawRow = rawRow;
    this.size = this.#cellChars;
    this.#lastEnd = end;
    this.#lastSecondLine = this.#secondLine;
    const newline = this.#window.newlineAt(end);
    if (newline) this.newlines.set(newline, (this.newlines.get(newline) ?? 0) + 1);
    this.#beginRow(end + (newline?.length ?? 0), this.#line + 1);
    return row;
  }

  #beginRow(at: number, line: number): void {
    this.#cells = [];
    this.#cellChars = 0;
    this.#doubled = 0;
    this.#secondLine = -1;
    this.#at = this.#searched = this.#rowAt = at;
    this.#line = this.#rowLine = line;
    this.#lastIsInBadRow = this.#isInBadRow;
    this.#isInBadRow = at <= this.#rereadEnd;
  }

  /** Checks the limits of an incomplete row when the text is used up, so that it cannot grow without bound. */
  #isOpenRowTooLarge(isQuoted: boolean): boolean {
    const { length } = this.#window.text;
    // Up to four characters are not content of the cell: its two quotes, and CRs that may belong to a line ending.
    const isCellTooLarge = length - this.#at - this.#doubled > this.#maxCellChars + 4;
    if (!isCellTooLarge && !this.#isTooLongToReread(length - 4)) return false;
    this.#refuseLarge(isQuoted);
    return true;
  }

  get #maxRereadChars(): number {
    return this.#maxCellChars + moreRereadChars;
  }

  /** Whether the current row has too many characters before `end` to be read again. */
  #isTooLongToReread(end: number): boolean {
    return this.#secondLine !== -1 && end - this.#secondLine > this.#maxRereadChars;
  }

  /** Refuses the current row because of its current cell, at the first character over a limit. */
  #refuseLarge(isQuoted: boolean): void {
    const [line, rowLine] = [this.numberOf(this.#line), this.numberOf(this.#rowLine)];
    const cellLimit = this.#at + (isQuoted ? 1 : 0) + this.#maxCellChars;
    const rowLimit = this.#secondLine === -1 ? Infinity : this.#secondLine + this.#maxRereadChars;
    const column = this.columns?.[this.#cells.length] ?? this.#cells.length + 1;
    this.#refuse(Math.min(cellLimit, rowLimit), () =>
      rowLimit < cellLimit
        ? rowTooLarge(rowLine, this.#maxRereadChars)
        : cellTooLarge(line, column, this.#maxCellChars, isQuoted),
    );
  }

  /**
   * Leaves out the current row, or throws its error.
   * @param at the index at which the row was found to be bad
   * @param mayBeRest whether a row of one line may be the rest of the bad row before it
   */
  #refuse(at: number, problem: () => AppError, mayBeRest = true): void {
    if (!this.onBadRow) throw problem();
    const line = this.#rowLine;
    const second = this.#secondLine === -1 ? this.#window.nextLineWithin(this.#at, at) : this.#secondLine;
    const isRest = mayBeRest && this.#isInBadRow && second === undefined;
    this.#report({ line, start: this.rowStart, isRest, problem });
    if (second === undefined) {
      this.#beginRow(at, line);
      this.#isLeavingOut = true;
    } else this.#reread(line + 1, second, at);
  }

  /** Goes back to the second line of a bad row, which was found to be bad at the index `end`. */
  #reread(line: number, second: number, end: number): void {
    const isAtEnd = this.isEnded && end === this.#window.text.length;
    this.#rereadEnd = isAtEnd ? end : this.#window.startOfLine(end, second);
    this.#beginRow(second, line);
  }

  #nextReread(): string[] {
    const line = this.#rowLine;
    const end = this.#window.lineEnd(this.#at);
    const text = this.#window.text.slice(this.#at, end);
    this.line = line;
    this.start = this.rowStart;
    this.size = text.length + 1;
    this.rawRow = text.includes('"') ? undefined : text;
    this.isReread = true;
    this.#beginRow(this.#window.afterNewline(end), line + 1);
    this.#extraWork += text.length;
    const row = splitLine(text, this.#delimiter);
    if (typeof row === 'function') {
      // An open quote begins another bad row.
      this.#report({
        line,
        start: this.start,
        isRest: row !== unclosedQuote,
        problem: () => row(this.numberOf(line)),
      });
      return leftOut;
    }
    const tooLarge = row.findIndex((cell) => cell.length > this.#maxCellChars);
    if (tooLarge === -1) return row;
    const column = this.columns?.[tooLarge] ?? tooLarge + 1;
    this.reject(() => cellTooLarge(this.numberOf(line), column, this.#maxCellChars, false));
    return leftOut;
  }

  /** Goes to the line after the current one. Returns false if its start is not in the text yet. */
  #leaveOutLine(): boolean {
    const end = this.#window.lineEnd(this.#at);
    this.#at = this.#searched = end;
    if (this.#window.isUndecided(end)) return false;
    this.#isLeavingOut = false;
    this.#beginRow(this.#window.afterNewline(end), this.#line + 1);
    return true;
  }

  /** The index from which text is kept when more is pushed. */
  get #keptFrom(): number {
    return this.#secondLine === -1 ? this.#at : this.#secondLine;
  }
}
