import { AppError } from '../errors.js';
import { chooseDelimiter, type Delimiter, findDelimiter } from './dialect.js';
import { findColumns, type TableLayout } from './layout.js';
import { inPieces } from './pieces.js';
import { raggedRow } from './problems.js';
import { RowSource } from './rows.js';
import { Tokenizer } from './tokenizer.js';

export type { TableLayout } from './layout.js';

export interface OpenTableOptions {
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
    const { text: start, delimiter } = await readStart(pieces);
    const tokenizer = new Tokenizer({ delimiter, maxCellChars: options.maxCellChars });
    tokenizer.push(start);
    const source = new RowSource(pieces, tokenizer);
    const header = await readHeader(source);
    const columns = findColumns(header, source.line);
    tokenizer.columns = header;
    const collector = new ChunkCollector(source, header.length, options);
    // The usual line ending is only known once some rows are.
    collector.fill();
    const layout = { header, delimiter, newline: source.usualNewline(), bom: options.bom, ...columns };
    return new StreamedTable(layout, source, collector);
  } catch (error) {
    await pieces.return();
    throw error;
  }
}

/** Reads text until the header line is whole, or long enough to be judged. */
async function readStart(
  pieces: AsyncGenerator<string, void>,
): Promise<{ text: string; delimiter: Delimiter }> {
  let text = '';
  let judgedAt = 0;
  while (text.length < maxHeaderLookahead) {
    const piece = await pieces.next();
    if (piece.done === true) break;
    text += piece.value;
    // Judged anew only at twice the length, the work stays linear.
    if (text.length < 2 * judgedAt) continue;
    judgedAt = text.length;
    const delimiter = findDelimiter(text);
    if (delimiter) return { text, delimiter };
  }
  return { text, delimiter: chooseDelimiter(text) };
}

async function readHeader(source: RowSource): Promise<string[]> {
  for (;;) {
    const row = source.next();
    if (row) return row;
    if (!(await source.refill())) {
      throw new AppError(
        'csv_empty',
        'The file is empty. Its first line must name the columns: source,log_message',
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
      this.#chars += this.source.size;
    }
    return true;
  }

  /** What has been gathered. */
  take(): RowChunk {
    const chunk = { rows: this.#rows, plain: this.#plain };
    this.#rows = [];
    this.#plain = [];
    this.#chars = 0;
    return chunk;
  }
}
