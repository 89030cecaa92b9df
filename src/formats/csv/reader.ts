import { loopTurn } from '../../async/loop-turns.js';
import { AppError } from '../../errors.js';
import { chooseDelimiter, type Delimiter, findDelimiter } from './dialect.js';
import { checkColumns, type TableLayout, type WantedColumns } from './layout.js';
import { raggedRow } from './problems.js';
import { Tokenizer, type Newline } from './tokenizer.js';

export type { TableLayout } from './layout.js';

export interface OpenTableOptions {
  /** The columns that the header must and may have. */
  columns: WantedColumns;
  /** Whether the text came with a byte order mark; it goes into the layout. */
  bom: boolean;
  /** The most characters a cell may have. */
  maxCellChars: number;
  /** A chunk ends at this many rows (default 1,000) ... */
  chunkRows?: number;
  /** ... or once it holds this many characters (default 1,000,000). */
  chunkChars?: number;
  /** How much text is parsed at a time, in characters (default 65,536). */
  pieceChars?: number;
}

/** Consecutive rows, each exactly as wide as the header. */
export interface RowChunk {
  readonly rows: readonly (readonly string[])[];
  /** Beside each row, the same as it stands in the file without its line ending; undefined where it has quotes. */
  readonly plain: readonly (string | undefined)[];
  /** For each row the line on which it begins, counted from 1. */
  readonly lines: readonly number[];
}

/** A CSV table of which the header has been read. */
export interface Table {
  readonly layout: TableLayout;
  /**
   * The rows, read as they are asked for; to be called once. Ending it early ends the text.
   * @throws AppError `csv_malformed` with the line, `cell_too_large`, and whatever the text throws
   */
  chunks(): AsyncGenerator<RowChunk, void>;
  /** Lines left out because they are blank; complete when `chunks` has ended. */
  readonly blankLines: number;
}

/** The delimiter is chosen from the header line; a longer one is judged by its start. */
const maxHeaderLookahead = 65_536;

/**
 * Opens CSV text as a table: finds the delimiter and the columns, and changes nothing. Lines end with LF,
 * CRLF or CR, also mixed; line breaks inside quoted cells are kept. No more than a piece of text and a chunk
 * of rows are in memory.
 * @throws AppError `csv_empty`, `column_missing`, `column_duplicate`, and what `chunks` throws if the first
 * piece of text shows it already
 * @example
 * const table = await openTable(text, { bom, maxCellChars: 1_000_000 });
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
    // The usual line ending is only known once some rows are.
    collector.fill();
    const layout = { header, delimiter, newline: source.usualNewline(), bom: options.bom };
    return new StreamedTable(layout, source, collector);
  } catch (error) {
    await pieces.return();
    throw error;
  }
}

/** Reads text until the header line is whole, or long enough to be judged. */
async function readStart(
  pieces: AsyncGenerator<string, void>,
  required: readonly string[],
): Promise<{ text: string; delimiter: Delimiter }> {
  let text = '';
  let judgedAt = 0;
  while (text.length < maxHeaderLookahead) {
    const piece = await pieces.next();
    if (piece.done === true) break;
    text += piece.value;
    // ScoredExample anew only at twice the length, the work stays linear.
    if (text.length < 2 * judgedAt) continue;
    judgedAt = text.length;
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

/** Gathers rows until they are a chunk. */
class ChunkCollector {
  #rows: string[][] = [];
  #plain: (string | undefined)[] = [];
  #lines: number[] = [];
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

  /** Takes rows from the text read so far; true if they make a whole chunk. */
  fill(): boolean {
    while (this.#rows.length < this.#maxRows && this.#chars < this.#maxChars) {
      const row = this.source.next();
      if (!row) return false;
      if (row.length !== this.width) throw raggedRow(this.source.line, row.length, this.width);
      this.#rows.push(row);
      this.#plain.push(this.source.plain);
      this.#lines.push(this.source.line);
      this.#chars += this.source.size;
    }
    return true;
  }

  /** What has been gathered. */
  take(): RowChunk {
    const chunk = { rows: this.#rows, plain: this.#plain, lines: this.#lines };
    this.#rows = [];
    this.#plain = [];
    this.#lines = [];
    this.#chars = 0;
    return chunk;
  }
}

/** A full piece of text has a turn of the event loop to itself. */
const PIECE_CHARS = 64 * 1024;

/** A piece counts as so many characters at least: a text may come byte by byte. */
const LEAST_CHARS = 512;

/** The rows of a text that comes in pieces. Blank lines, empty or of spaces and tabs alone, are left out. */
class RowSource {
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

/**
 * The same text in pieces of at least `size` characters (the last may be shorter) and less than twice that:
 * a client that sends single bytes must not cause work per byte, nor one huge string a huge row list.
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
