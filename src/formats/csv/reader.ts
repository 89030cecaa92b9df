import { turnToParse } from '../../async/loop-turns.js';
import { AppError } from '../../errors.js';
import { chooseDelimiter, type Delimiter, findDelimiter } from './dialect.js';
import { checkColumns, type TableLayout, type ExpectedColumns } from './layout.js';
import { raggedRow } from './errors.js';
import { Tokenizer, type Newline } from './tokenizer.js';

export type { TableLayout } from './layout.js';

/** How to read a table. */
export interface OpenTableOptions {
  /** The required and the optional columns. */
  columns: ExpectedColumns;
  /** Whether the text came with a byte order mark. It is stored in the layout. */
  bom: boolean;
  /** Maximum number of characters of a cell. */
  maxCellChars: number;
  /** Maximum number of rows of a chunk. Default: 1,000. */
  chunkRows?: number;
  /** A chunk ends when it has at least this many characters. Default: 1,000,000. */
  chunkChars?: number;
  /** The characters parsed at a time. Default: 65,536. */
  pieceChars?: number;
}

/** Consecutive rows, each with as many cells as the header. */
export interface RowChunk {
  readonly rows: readonly (readonly string[])[];
  /** For each row, its text in the file without the line ending; undefined if the row has a quote or is very long. */
  readonly rawRows: readonly (string | undefined)[];
  /** For each row, the number of the line on which it begins, counted from 1. */
  readonly lineNumbers: readonly number[];
}

/** A CSV table whose header has been read. */
export interface Table {
  readonly layout: TableLayout;
  /**
   * Reads the rows on demand. Call it once. Returning early closes the text.
   * @throws AppError `csv_malformed` with the line, or `cell_too_large` with line and column
   * @throws the error of the text
   */
  chunks(): AsyncGenerator<RowChunk, void>;
  /** The number of blank lines skipped so far; final when `chunks` has ended. */
  readonly blankLines: number;
}

/** Maximum number of characters of the header line that are searched for the delimiter. */
const maxHeaderLookahead = 65_536;

/**
 * Opens CSV text as a table: finds the delimiter and reads the header. Lines end with LF, CRLF or CR, also mixed. Line
 * breaks inside quoted cells are kept. Only one piece of text and one chunk of rows are in memory.
 * @throws AppError `csv_empty`, `column_missing` or `column_duplicate`
 * @throws what `chunks` throws, if the error is in the first piece of text
 * @example
 * const table = await openTable(text, { bom, columns: { required: ['source'] }, maxCellChars: 1_000_000 });
 * for await (const { rows } of table.chunks()) use(rows);
 */
export async function openTable(text: AsyncIterable<string>, options: OpenTableOptions): Promise<Table> {
  const pieces = inPieces(text, options.pieceChars ?? 65_536);
  try {
    const { required } = options.columns;
    const { text: start, delimiter } = await readStart(pieces, required);
    const tokenizer = new Tokenizer({ delimiter, maxCellChars: options.maxCellChars });
    tokenizer.push(start);
    const source = new RowSource(pieces, tokenizer);
    const header = await readHeader(source, required);
    checkColumns(header, options.columns, source.line);
    tokenizer.columns = header;
    const collector = new ChunkCollector(source, header.length, options);
    // The line ending of the layout is counted from the rows, so read some rows first.
    collector.fill();
    const layout = { header, delimiter, newline: source.mostFrequentNewline(), bom: options.bom };
    return new StreamedTable(layout, source, collector);
  } catch (error) {
    await pieces.return();
    throw error;
  }
}

/** Reads text until it has the complete header line, or `maxHeaderLookahead` characters of it. */
async function readStart(
  pieces: AsyncGenerator<string, void>,
  required: readonly string[],
): Promise<{ text: string; delimiter: Delimiter }> {
  let text = '';
  let searchedChars = 0;
  while (text.length < maxHeaderLookahead) {
    const piece = await pieces.next();
    if (piece.done === true) break;
    text += piece.value;
    // Search again only when the length has doubled. This keeps the total time linear.
    if (text.length < 2 * searchedChars) continue;
    searchedChars = text.length;
    const delimiter = findDelimiter(text, required);
    if (delimiter) return { text, delimiter };
  }
  return { text, delimiter: chooseDelimiter(text, required) };
}

async function readHeader(source: RowSource, required: readonly string[]): Promise<string[]> {
  for (;;) {
    const row = source.next();
    if (row) return row;
    if (!(await source.refill())) {
      throw new AppError(
        'csv_empty',
        `The file is empty. Its first line must name the columns: ${required.join(',')}`,
      );
    }
  }
}

class StreamedTable implements Table {
  constructor(
    readonly layout: TableLayout,
    private readonly source: RowSource,
    private readonly collector: ChunkCollector,
  ) {}

  get blankLines(): number {
    return this.source.blankLines;
  }

  async *chunks(): AsyncGenerator<RowChunk, void> {
    try {
      do {
        while (this.collector.fill()) yield this.collector.take();
      } while (await this.source.refill());
      const last = this.collector.take();
      if (last.rows.length > 0) yield last;
    } finally {
      await this.source.close();
    }
  }
}

/** Collects rows into chunks. */
class ChunkCollector {
  #rows: string[][] = [];
  #rawRows: (string | undefined)[] = [];
  #lineNumbers: number[] = [];
  #chars = 0;
  readonly #maxRows: number;
  readonly #maxChars: number;

  constructor(
    private readonly source: RowSource,
    private readonly width: number,
    { chunkRows = 1_000, chunkChars = 1_000_000 }: OpenTableOptions,
  ) {
    this.#maxRows = chunkRows;
    this.#maxChars = chunkChars;
  }

  /** Collects rows from the text read so far. Returns true when the chunk is full. */
  fill(): boolean {
    while (this.#rows.length < this.#maxRows && this.#chars < this.#maxChars) {
      const row = this.source.next();
      if (!row) return false;
      if (row.length !== this.width) throw raggedRow(this.source.line, row.length, this.width);
      this.#rows.push(row);
      this.#rawRows.push(this.source.rawRow);
      this.#lineNumbers.push(this.source.line);
      this.#chars += this.source.size;
    }
    return true;
  }

  /** Returns the collected rows and starts a new chunk. */
  take(): RowChunk {
    const chunk = { rows: this.#rows, rawRows: this.#rawRows, lineNumbers: this.#lineNumbers };
    this.#rows = [];
    this.#rawRows = [];
    this.#lineNumbers = [];
    this.#chars = 0;
    return chunk;
  }
}

/** The rows of a text that arrives in pieces. It skips blank lines, including those of spaces and tabs. */
class RowSource {
  /** The number of skipped blank lines. */
  blankLines = 0;

  constructor(
    private readonly pieces: AsyncGenerator<string, void>,
    private readonly tokenizer: Tokenizer,
  ) {}

  /** The line on which the last row begins. */
  get line(): number {
    return this.tokenizer.line;
  }

  /** The text of the last row without its line ending; undefined if the row has a quote or is very long. */
  get rawRow(): string | undefined {
    return this.tokenizer.rawRow;
  }

  /** The number of characters in the last row. */
  get size(): number {
    return this.tokenizer.size;
  }

  /** Returns the next row of the text read so far; undefined if `refill` must be called first. */
  next(): string[] | undefined {
    for (;;) {
      const row = this.tokenizer.next();
      if (row === undefined || !isBlank(row)) return row;
      this.blankLines += 1;
    }
  }

  /** Reads one piece of text, or several while a cell spans pieces. Returns false if no text and no rows are left. */
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
    } while (text.length < this.tokenizer.preferredPushChars);
    // Blank lines fill no chunk. Without this wait, a file of blank lines would block the event loop.
    await turnToParse(text.length);
    this.tokenizer.push(text);
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
}

function isBlank(row: readonly string[]): boolean {
  return row.length === 1 && /^[ \t]*$/.test(row[0] ?? '');
}

/**
 * Splits and joins a text to pieces of at least `size` and less than `2 * size` characters; the last may be shorter.
 * This bounds the work per byte when a client sends single bytes, and the number of rows of one huge string.
 */
async function* inPieces(text: AsyncIterable<string>, size: number): AsyncGenerator<string, void> {
  let pending = '';
  for await (const part of text) {
    pending += part;
    while (pending.length >= 2 * size) {
      yield pending.slice(0, size);
      pending = pending.slice(size);
    }
    if (pending.length >= size) {
      yield pending;
      pending = '';
    }
  }
  if (pending !== '') yield pending;
}
