import { loopTurn, TEXT_PER_TURN, turnToParse } from '../../async/loop-turns.js';
import type { LogRecord } from '../../log-record.js';
import { csvAnswerOfRecords } from '../csv/records-answer.js';
import {
  MAX_REJECTED_CHARS,
  SkippedRecords,
  type AnswerStyle,
  type AnswerWriter,
  type Input,
  type ReadCounts,
  type ReadOptions,
  type RecordChunk,
} from '../format.js';
import { findBlocks } from './blocks.js';
import { indentationMatters } from './continuation.js';
import { lineTooLong, noLines } from './errors.js';
import { sourceOfFile } from './file-source.js';
import { LineSplitter } from './line-splitter.js';
import { recordFromLines } from './line-record.js';
import { RecordAssembler } from './record-assembler.js';
import { inPieces } from '../text-pieces.js';

/** The work after which the loop turns even if no text is read, in records. */
const recordsPerTurn = 2_000;

/**
 * Opens plain log lines. One line is one record; lines that continue it belong to it, unless `multiline` is false. Lines
 * end with LF, CRLF, CR or CRCRLF. A message is what the file has, without the line ending. Blank lines are skipped and
 * counted.
 *
 * In a live input, a flush mark makes a chunk of the records so far, and a second one in a row ends the last record.
 *
 * The source of a record is `fields.source`, else the program of its syslog prefix, else the name of the file.
 * @throws AppError `csv_empty` if all lines are blank, and what `chunks` throws if the error is at the start
 * @example const input = await openLines(text, options);
 */
export async function openLines(text: AsyncGenerator<string, void>, options: ReadOptions): Promise<Input> {
  const pieces = inPieces(text, TEXT_PER_TURN, true);
  try {
    const first = await pieces.next();
    const start = first.done === true ? '' : first.value;
    const reader = new LineReader(pieces, options, start);
    while (!reader.hasRecord && (await reader.refill()));
    if (!reader.hasRecord && reader.counts.skipped.count === 0) throw noLines();
    return new LinesInput(reader, text);
  } catch (error) {
    // The generator of the pieces closes the text only after it has begun.
    await pieces.return();
    await text.return();
    throw error;
  }
}

class LinesInput implements Input {
  readonly format = 'lines';
  readonly answerKind = 'csv';
  readonly description = {};

  constructor(
    private readonly reader: LineReader,
    private readonly text: AsyncGenerator<string, void>,
  ) {}

  get counts(): ReadCounts {
    return this.reader.counts;
  }

  async *chunks(): AsyncGenerator<RecordChunk, void> {
    try {
      do {
        while (this.reader.fill()) {
          yield this.reader.take();
          await loopTurn(this.reader.shareOfTurn);
        }
        if (this.reader.isFlushed) yield { ...this.reader.take(), isFlushed: true };
      } while (await this.reader.refill());
      while (this.reader.hasRecord) yield this.reader.take();
    } finally {
      await this.close();
    }
  }

  answerWriter(style: AnswerStyle): AnswerWriter {
    return csvAnswerOfRecords(style);
  }

  async close(): Promise<void> {
    await this.reader.close();
    await this.text.return();
  }
}

/** Reads lines and collects records into chunks. */
class LineReader {
  readonly #splitter: LineSplitter;
  readonly #assembler: RecordAssembler;
  readonly #skipped: SkippedRecords;
  readonly #fileSource: string;
  #records: LogRecord[] = [];
  #lines: number[] = [];
  #chars = 0;
  #isFlushed = false;

  /** @param start the first piece of text; it has TEXT_PER_TURN characters, or a flush mark or the end follows it */
  constructor(
    private readonly pieces: AsyncGenerator<string, void>,
    private readonly options: ReadOptions,
    start: string,
  ) {
    const { maxCellChars, multiline, fields } = options;
    this.#fileSource = fields.source ?? sourceOfFile(options.fileName);
    this.#skipped = new SkippedRecords(options.onSkip);
    const keptChars = this.#skipped.hasListener ? MAX_REJECTED_CHARS + 1 : 0;
    this.#splitter = new LineSplitter(maxCellChars, (line) => this.#leaveOut(line), keptChars);
    const joining = {
      multiline,
      indentationMatters: indentationMatters(linesOf(start)),
      startsBlock: findBlocks(start.slice(0, TEXT_PER_TURN)),
      maxChars: maxCellChars,
    };
    this.#assembler = new RecordAssembler(joining, (assembled) => {
      const record = recordFromLines(assembled, this.options.fields.source, this.#fileSource);
      this.#records.push(record);
      this.#lines.push(assembled.lineNumber);
      this.#chars += record.message.length + record.source.length;
    });
    this.#splitter.push(start);
    this.fill();
  }

  get counts(): ReadCounts {
    return { blankLines: this.#assembler.blankLines, overwrittenLabels: 0, skipped: this.#skipped };
  }

  /** Whether a record is ready. */
  get hasRecord(): boolean {
    return this.#records.length > 0;
  }

  /** Whether the text ends with a flush mark so far. */
  get isFlushed(): boolean {
    return this.#isFlushed;
  }

  /** The share of a turn that reading a full chunk takes. */
  get shareOfTurn(): number {
    return Math.min(1, this.options.chunkRecords / recordsPerTurn);
  }

  /** Collects records from the text read so far. Returns true when the chunk is full. */
  fill(): boolean {
    const splitter = this.#splitter;
    while (this.#records.length < this.options.chunkRecords && this.#chars < this.options.chunkChars) {
      if (!splitter.next()) return false;
      this.#addLine();
    }
    return true;
  }

  /** Reads a piece of text. Returns false if none is left; then all records are ready. */
  async refill(): Promise<boolean> {
    if (this.#splitter.isEnded) return false;
    const piece = await this.pieces.next();
    if (piece.done === true) {
      this.#splitter.end();
      while (this.#splitter.next()) this.#addLine();
      this.#assembler.finish();
      this.#isFlushed = false;
      return this.hasRecord;
    }
    if (piece.value === '') {
      if (this.#isFlushed) this.#assembler.finish();
      this.#isFlushed = true;
      return true;
    }
    this.#isFlushed = false;
    await turnToParse(piece.value.length);
    this.#splitter.push(piece.value);
    this.fill();
    return true;
  }

  /** Returns the collected records, at most a full chunk, and starts a new chunk. */
  take(): RecordChunk {
    const max = this.options.chunkRecords;
    const chunk = { records: this.#records, lines: this.#lines };
    // One line can complete two records: a held exception and the record before it.
    this.#records = chunk.records.splice(max);
    this.#lines = chunk.lines.splice(max);
    this.#chars = this.#records.reduce((sum, { message }) => sum + message.length, 0);
    return chunk;
  }

  async close(): Promise<void> {
    await this.pieces.return();
  }

  #addLine(): void {
    const { isTooLong, line, ending, lineNumber, start } = this.#splitter;
    if (!isTooLong) this.#assembler.add(line, ending, lineNumber);
    else if (this.#skipped.hasListener) {
      const { message } = lineTooLong(lineNumber, this.options.maxCellChars);
      this.#skipped.tell(lineNumber, message, () => start);
    }
  }

  /** Completes the record before a line that is left out, so that no later line is joined to the wrong record. */
  #leaveOut(line: number): void {
    const error = lineTooLong(line, this.options.maxCellChars);
    if (this.options.onError === 'fail') throw error;
    this.#assembler.finish();
    this.#skipped.add(line, error.message);
  }
}

/** Returns the complete lines at the start of a file. They do not depend on where pieces end. */
function linesOf(piece: string): string[] {
  if (piece.length < TEXT_PER_TURN) return piece.split(/[\r\n]+/);
  return piece
    .slice(0, TEXT_PER_TURN)
    .split(/[\r\n]+/)
    .slice(0, -1);
}
