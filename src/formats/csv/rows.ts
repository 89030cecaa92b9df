import { TEXT_PER_TURN, turnToParse } from '../../async/loop-turns.js';
import { AppError } from '../../errors.js';
import type { SkippedRecords } from '../format.js';
import { raggedRow, tooMuchPadding, withWayOut } from './errors.js';
import type { LeftOutRows } from './left-out-rows.js';
import type { Newline } from './text-window.js';
import type { BadRow, Tokenizer } from './tokenizer.js';

/** Which rows can be read. */
export interface RowRules {
  /** The number of cells of the header. */
  width: number;
  /** The least number of cells of a row, so that it has source and message. */
  leastWidth: number;
}

/** Up to so many empty cells may be added to the rows of a file, whatever their text. */
const freePadding = 64 * 1024 * 1024;

/** More empty cells than this for each character of the rows are refused. */
const maxPaddingRatio = 20;

/**
 * The rows of a table that arrives in pieces. None has more cells than the header; missing ones are empty. It skips blank lines, including those of spaces
 * and tabs. Empty cells at the end of a row may be too many or missing; a row of a single cell is never filled up,
 * because it may be a footer.
 */
export class RowSource {
  /** The number of skipped blank lines. */
  blankLines = 0;
  /** The line on which the last row begins. */
  line = 0;
  /** The text of the last row without its line ending, filled up; undefined if it is written cell by cell. */
  rawRow: string | undefined;
  /** The number of empty cells that the last row lacks. */
  addedCells = 0;

  /** The first row, if it was put back. */
  #putBack: string[] | undefined;
  #rules: RowRules = { width: 1, leastWidth: 1 };
  #skipped: SkippedRecords | undefined;
  /** The numbers of cells, other than the width of the header, of rows that were read in their usual way. */
  readonly #otherWidths = new Set<number>();
  /** Whether all lines since the last bad row belong to it. */
  #isInBadRow = false;
  /** The number of characters of all rows, and of the empty cells that they lack. */
  #chars = 0;
  #padding = 0;

  /** @param leftOut tells of the rows that cannot be read, if somebody listens */
  constructor(
    private readonly pieces: AsyncGenerator<string, void>,
    private readonly tokenizer: Tokenizer,
    private readonly delimiter: string,
    private readonly leftOut?: LeftOutRows,
  ) {}

  /** Adds text that has been read before. */
  push(text: string): void {
    this.leftOut?.push(text, this.tokenizer.rowStart);
    this.tokenizer.push(text);
  }

  /** The number of characters in the last row. */
  get size(): number {
    return this.tokenizer.size;
  }

  /**
   * Sets the rules for the rows after the header.
   * @param skipped counts the rows that cannot be read; undefined if `next` is to throw their errors
   */
  begin(rules: RowRules, skipped: SkippedRecords | undefined): void {
    this.#rules = rules;
    this.#skipped = skipped;
    if (skipped) this.tokenizer.onBadRow = (row) => this.#skip(row, skipped);
  }

  /**
   * Returns the header as in the file; undefined if the text has none.
   * @throws AppError as the tokenizer
   */
  async header(): Promise<string[] | undefined> {
    for (;;) {
      for (let row = this.tokenizer.next(); row; row = this.tokenizer.next()) {
        if (!isBlank(row)) return row;
        this.blankLines += 1;
      }
      if (!(await this.refill())) return undefined;
    }
  }

  /** Makes the row that `header` has just returned the first one of `next`: the table has no header. */
  putBack(row: string[]): void {
    this.#putBack = row;
  }

  /**
   * Returns the next row of the text read so far; undefined if `refill` must be called first.
   * @throws AppError `csv_malformed` or `cell_too_large`, if bad rows are not skipped
   * @throws AppError `cell_too_large` if the rows together lack very many cells
   */
  next(): string[] | undefined {
    for (;;) {
      const row = this.#nextOfAnyWidth();
      if (row === undefined) return undefined;
      this.#chars += this.tokenizer.size;
      if (row.length === this.#rules.width && !(row.length === 1 && this.#isBlankLine(row))) {
        this.line = this.tokenizer.numberOf(this.tokenizer.line);
        this.rawRow = this.tokenizer.rawRow;
        this.addedCells = 0;
        if (this.#isInBadRow) this.#endBadRow();
        return row;
      }
      const fitted = this.#fit(row);
      if (fitted) return fitted;
    }
  }

  /**
   * Reads one piece of text, or several while a cell spans pieces, or waits for a turn of the event loop where bad rows
   * took one. Returns false if no text and no rows are left.
   */
  async refill(): Promise<boolean> {
    if (this.tokenizer.isPaused) {
      await turnToParse(TEXT_PER_TURN);
      this.tokenizer.resume();
      return true;
    }
    if (this.tokenizer.isEnded) {
      this.leftOut?.end();
      return false;
    }
    let text = '';
    do {
      const piece = await this.pieces.next();
      if (piece.done === true) {
        this.tokenizer.end();
        break;
      }
      text += piece.value;
    } while (text.length < this.tokenizer.preferredPushChars);
    // Blank lines fill no chunk. Without this wait, a file of blank lines would block the event loop.
    await turnToParse(text.length);
    this.push(text);
    return true;
  }

  /** Returns the most frequent line ending so far: the first in the file of equally frequent ones, LF if none. */
  mostFrequentNewline(): Newline {
    const counts = [...this.tokenizer.newlines].toSorted(([, a], [, b]) => b - a);
    return counts[0]?.[0] ?? '\n';
  }

  /** Closes the text. */
  async close(): Promise<void> {
    await this.pieces.return();
  }

  #nextOfAnyWidth(): string[] | undefined {
    // The tokenizer has not gone on, so that it still tells about the row that was put back.
    const first = this.#putBack;
    this.#putBack = undefined;
    if (first) return first;
    if (this.#skipped) return this.tokenizer.next();
    try {
      return this.tokenizer.next();
    } catch (error) {
      throw error instanceof AppError ? withWayOut(error) : error;
    }
  }

  /** Returns a row that is not as wide as the header, without surplus cells; undefined if it is blank or left out. */
  #fit(row: string[]): string[] | undefined {
    if (this.#isBlankLine(row)) {
      if (!this.#isInBadRow) this.blankLines += 1;
      return undefined;
    }
    const { width } = this.#rules;
    const { length } = row;
    if (!this.#fits(row) || (this.tokenizer.isReread && !this.#otherWidths.has(length))) {
      const line = this.tokenizer.numberOf(this.tokenizer.line);
      const problem = (): AppError => raggedRow(line, length, width);
      if (!this.#skipped) throw withWayOut(problem());
      this.tokenizer.reject(problem);
      return undefined;
    }
    this.#otherWidths.add(length);
    this.line = this.tokenizer.numberOf(this.tokenizer.line);
    this.addedCells = Math.max(0, width - length);
    this.rawRow = length < width ? this.#filledUp(this.addedCells) : undefined;
    if (this.#isInBadRow) this.#endBadRow();
    return length < width ? row : row.slice(0, width);
  }

  /** Returns the text of a row with the empty cells that it lacks. */
  #filledUp(missing: number): string | undefined {
    this.#padding += missing;
    if (this.#padding > freePadding && this.#padding > maxPaddingRatio * this.#chars)
      throw tooMuchPadding(this.line, this.#rules.width);
    const { rawRow } = this.tokenizer;
    return rawRow === undefined ? undefined : rawRow + this.delimiter.repeat(missing);
  }

  #fits(row: readonly string[]): boolean {
    const { width, leastWidth } = this.#rules;
    if (row.length < width) return row.length > 1 && row.length >= leastWidth;
    return row.slice(width).every((cell) => cell === '');
  }

  /** A quoted empty cell is a row if the table has one column. */
  #isBlankLine(row: readonly string[]): boolean {
    return isBlank(row) && (this.#rules.width > 1 || this.tokenizer.rawRow !== undefined);
  }

  #skip({ line, start, isRest, problem }: BadRow, skipped: SkippedRecords): void {
    if (isRest && this.#isInBadRow) return;
    const number = this.tokenizer.numberOf(line);
    const reason = skipped.needsReason ? problem().message : '';
    skipped.add(number, reason);
    this.leftOut?.begin(number, reason, start);
    this.#isInBadRow = true;
  }

  #endBadRow(): void {
    this.leftOut?.end(this.tokenizer.start);
    this.#isInBadRow = false;
  }
}

/** Whether a row is a blank line, perhaps with spaces and tabs. */
export function isBlank(row: readonly string[]): boolean {
  return row.length === 1 && (row[0] === '' || isBlankText(row[0] ?? ''));
}

/** Looks at the first character first: this is asked of every row that is not as wide as the header. */
function isBlankText(text: string): boolean {
  return (text.startsWith(' ') || text.startsWith('\t')) && /^[ \t]*$/.test(text);
}
