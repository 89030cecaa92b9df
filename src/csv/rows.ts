import { loopTurn } from '../async/loop-turns.js';
import { type Newline, type Tokenizer } from './tokenizer.js';

/** A full piece of text has a turn of the event loop to itself. */
const PIECE_CHARS = 64 * 1024;

/** A piece counts as so many characters at least: a text may come byte by byte. */
const LEAST_CHARS = 512;

/** The rows of a text that comes in pieces. Blank lines, empty or of spaces and tabs alone, are left out. */
export class RowSource {
  /** How many blank lines have been left out. */
  blankLines = 0;

  constructor(
    private readonly pieces: AsyncGenerator<string, void>,
    private readonly tokenizer: Tokenizer,
  ) {}

  /** The line on which the row pulled last begins. */
  get line(): number {
    return this.tokenizer.line;
  }

  /** The row pulled last as it stands in the text, without its line ending; undefined if it has quotes. */
  get plain(): string | undefined {
    return this.tokenizer.plain;
  }

  /** Characters in the row pulled last. */
  get size(): number {
    return this.tokenizer.size;
  }

  /** The next row of the text read so far, or nothing if `refill` is to be called first. */
  next(): string[] | undefined {
    for (;;) {
      const row = this.tokenizer.next();
      if (row === undefined || !isBlank(row)) return row;
      this.blankLines += 1;
    }
  }

  /** Reads more text: a piece, or several while a cell is open that spans pieces. False when all has been read and pulled. */
  async refill(): Promise<boolean> {
    if (this.tokenizer.isEnded) return false;
    let text = '';
    do {
      const piece = await this.pieces.next();
      if (piece.done === true) {
        this.tokenizer.end();
        break;
      }
      text += piece.value;
    } while (text.length < this.tokenizer.appetite);
    // Blank lines fill no chunk: without this a file of nothing else would be read in a single turn of the loop.
    await loopTurn(Math.min(1, Math.max(text.length, LEAST_CHARS) / PIECE_CHARS));
    this.tokenizer.push(text);
    return true;
  }

  /** The line ending that has ended most rows so far, the earlier one of equals; LF if none has. */
  usualNewline(): Newline {
    const counts = [...this.tokenizer.newlines].toSorted(([, a], [, b]) => b - a);
    return counts[0]?.[0] ?? '\n';
  }

  /** Ends the text. */
  async close(): Promise<void> {
    await this.pieces.return();
  }
}

function isBlank(row: readonly string[]): boolean {
  return row.length === 1 && /^[ \t]*$/.test(row[0] ?? '');
}
