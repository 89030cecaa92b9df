import type { LogRecord, UnfinishedRecord } from '../../log-record.js';
import { MAX_TIME_CHARS } from '../fields.js';
import type { RecordChunk } from '../format.js';
import type { RecordColumns } from './columns.js';
import type { RowSource } from './rows.js';

/** Consecutive rows and their records. No row has more cells than the header; missing ones are empty. */
export interface CsvChunk extends RecordChunk {
  readonly rows: readonly (readonly string[])[];
  /**
   * For each row, its text in the file without the line ending. Undefined if it is written cell by cell: the row has a
   * quote, is very long, or had more cells than the header. Cells that it lacked have been added.
   */
  readonly rawRows: readonly (string | undefined)[];
}

/** The bounds of a chunk. */
export interface ChunkBounds {
  /** Maximum number of rows. Default: 1,000. */
  chunkRecords?: number;
  /** A chunk ends when its rows have at least this many characters. Default: 1,000,000. */
  chunkChars?: number;
}

/** Collects rows into chunks. */
export class ChunkCollector {
  /** The number of rows whose cell in the column `target_label` is not blank. */
  labels = 0;
  /** The number of empty cells that the rows of the chunk lack. */
  addedCells = 0;
  #records: LogRecord[] = [];
  #rows: string[][] = [];
  #rawRows: (string | undefined)[] = [];
  #lines: number[] = [];
  #chars = 0;
  readonly #recordOf: (row: readonly string[]) => LogRecord;
  readonly #maxRows: number;
  readonly #maxChars: number;

  /** @param fixedSource the source of all records; undefined to read it from its column */
  constructor(
    private readonly source: RowSource,
    columns: RecordColumns,
    fixedSource: string | undefined,
    { chunkRecords = 1_000, chunkChars = 1_000_000 }: ChunkBounds,
  ) {
    this.#recordOf = recordReader(columns, fixedSource);
    this.#maxRows = chunkRecords;
    this.#maxChars = chunkChars;
  }

  /** Collects rows from the text read so far. Returns true when the chunk is full. */
  fill(): boolean {
    while (this.#rows.length < this.#maxRows && this.#chars < this.#maxChars) {
      const row = this.source.next();
      if (!row) return false;
      const record = this.#recordOf(row);
      this.#records.push(record);
      this.#rows.push(row);
      this.#rawRows.push(this.source.rawRow);
      this.#lines.push(this.source.line);
      // A short row of a table of 16,384 columns becomes a long one.
      this.#chars += this.source.size + this.source.addedCells;
      this.addedCells += this.source.addedCells;
      if (record.ownLabel !== undefined) this.labels += 1;
    }
    return true;
  }

  /** Returns the collected rows and starts a new chunk. */
  take(): CsvChunk {
    const chunk = {
      records: this.#records,
      rows: this.#rows,
      rawRows: this.#rawRows,
      lines: this.#lines,
    };
    this.#records = [];
    this.#rows = [];
    this.#rawRows = [];
    this.#lines = [];
    this.#chars = 0;
    this.addedCells = 0;
    return chunk;
  }
}

function recordReader(
  { message, otherMessages, source, level, time, date, label }: RecordColumns,
  fixedSource = '',
): (row: readonly string[]) => LogRecord {
  return (row) => {
    const record: UnfinishedRecord = {
      source: source === -1 ? fixedSource : (row[source] ?? ''),
      message: messageOf(row, message, otherMessages),
    };
    const stated = cellAt(row, level);
    if (stated !== '') record.level = stated;
    const at = timeOf(row, time, date);
    if (at !== '' && at.length <= MAX_TIME_CHARS) record.time = at;
    const own = cellAt(row, label);
    if (own !== '') record.ownLabel = own;
    return record;
  };
}

/** Returns the time of a row. A time of day is joined with the date, which stands in another column. */
function timeOf(row: readonly string[], column: number, dateColumn: number): string {
  const time = cellAt(row, column);
  if (dateColumn === -1 || (time[1] !== ':' && time[2] !== ':' && time !== '')) return time;
  return `${cellAt(row, dateColumn)} ${time}`.trim();
}

/** Returns the trimmed cell; empty if the table has no such column. */
function cellAt(row: readonly string[], column: number): string {
  return column === -1 ? '' : (row[column] ?? '').trim();
}

/** Returns the message of a row. A cloud log export, for example, has text of some rows in another column. */
function messageOf(row: readonly string[], column: number, others: readonly number[]): string {
  const own = row[column] ?? '';
  if (others.length === 0 || own.trim() !== '') return own;
  const other = others.find((index) => (row[index] ?? '').trim() !== '');
  return other === undefined ? own : (row[other] ?? '');
}
