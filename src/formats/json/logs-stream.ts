import { AppError } from '../../errors.js';
import type { LogRecord } from '../../log-record.js';
import { MAX_REJECTED_CHARS, type ReadOptions } from '../format.js';
import { type BadRecords, SKIP_HINT } from './bad-records.js';
import { tooComplex } from './complexity.js';
import { isObject, type JsonObject } from './json-path.js';
import { JsonScanner } from './json-scanner.js';
import { LogsHandler, type LogsReceiver, MAX_LOG_ENTRIES, tooManyLogs } from './logs-handler.js';
import { maxRecordChars } from './raw-record.js';
import type { RecordFields } from './record-fields.js';
import type { SlidingText } from './sliding-text.js';

/** Records of a body with `logs`, and for each the line on which it begins. */
export interface ReadLogs {
  readonly records: readonly LogRecord[];
  readonly lines: readonly number[];
}

/**
 * Reads the logs of a body `{"logs": [...]}` while its text arrives. It accepts what JSON.parse accepts, within the limits
 * of JsonScanner and MAX_LOG_ENTRIES, and keeps the text of the current log only. A log that is valid JSON but no record
 * may be skipped, and so may the end of a body that is cut off; other text that is not JSON is refused.
 */
export class LogsStream implements LogsReceiver {
  /** The first log that is a record. */
  first: JsonObject | undefined;
  #records: LogRecord[] = [];
  #lines: number[] = [];
  /** The number of logs so far. */
  #count = 0;
  readonly #scanner: JsonScanner;
  /** The beginning of the current log, if it began in an earlier piece. */
  #begun = '';
  /** The index in the piece at which the current log, or the rest of it, begins; undefined outside of logs. */
  #from: number | undefined;
  #line = 1;
  /** The text since the last log, if it began in an earlier piece. Kept only for a listener. */
  #between = '';
  /** The index in the piece at which the text since the last log, or the rest of it, begins; undefined inside of logs. */
  #betweenFrom: number | undefined;
  #bytes: number;
  readonly #maxChars: number;

  constructor(
    private readonly text: SlidingText,
    private readonly fields: RecordFields,
    private readonly bad: BadRecords,
    private readonly options: ReadOptions,
  ) {
    this.#bytes = text.total - text.text.length + text.at + (options.bom ? 3 : 0);
    this.#scanner = new JsonScanner(new LogsHandler(this), { line: text.line, offset: this.#bytes });
    this.#maxChars = maxRecordChars(options.maxCellChars);
  }

  /**
   * Returns the records of the next piece of text; undefined after the end.
   * @throws AppError `json_invalid`, `cell_too_large` or `upload_too_large`
   */
  async read(): Promise<ReadLogs | undefined> {
    const { text } = this;
    while (text.at === text.text.length) {
      if ((await text.more()) === undefined) return undefined;
      if (!text.isEnded || text.text !== '') continue;
      this.#end();
      return undefined;
    }
    this.#records = [];
    this.#lines = [];
    this.#write(text.text.slice(text.at));
    text.at = text.text.length;
    if (text.isEnded) this.#end();
    return { records: this.#records, lines: this.#lines };
  }

  /** A body that is cut off after its first logs counts as one record that cannot be read. */
  #end(): void {
    try {
      this.#scanner.end();
    } catch (error) {
      if (!(error instanceof AppError) || this.first === undefined) throw error;
      this.bad.takeAtEnd(
        this.#scanner.line,
        () => error,
        () => (this.#from === undefined ? withoutComma(this.#between) : this.#begun),
      );
    }
  }

  list(): void {
    this.#betweenFrom = this.#scanner.index + 1;
  }

  begin(): void {
    if (this.#count === MAX_LOG_ENTRIES) throw tooManyLogs();
    this.#begun = '';
    this.#from = this.#scanner.index;
    this.#line = this.#scanner.line;
    this.#between = '';
    this.#betweenFrom = undefined;
  }

  end(): void {
    const raw =
      this.#begun +
      this.text.text.slice(this.text.at + (this.#from ?? 0), this.text.at + this.#scanner.index + 1);
    this.#from = undefined;
    this.#betweenFrom = this.#scanner.index + 1;
    this.#checkSize(raw.length);
    const complexity = tooComplex(raw);
    if (complexity === undefined) this.#take(JSON.parse(raw), this.#line, () => raw);
    else
      this.bad.take(
        this.#line,
        () => this.#misfit(complexity),
        () => raw,
      );
    this.#count += 1;
  }

  scalar(value: unknown): void {
    if (this.#count === MAX_LOG_ENTRIES) throw tooManyLogs();
    const end = this.text.at + this.#scanner.index;
    this.#take(value, this.#scanner.line, () =>
      withoutComma(this.#between + this.text.text.slice(this.text.at + (this.#betweenFrom ?? 0), end)),
    );
    this.#between = '';
    this.#betweenFrom = this.#scanner.index;
    this.#count += 1;
  }

  #write(piece: string): void {
    this.#bytes += Buffer.byteLength(piece);
    if (this.#bytes > this.options.maxJsonBytes) throw tooLarge(this.options.maxJsonBytes);
    if (this.#from !== undefined) this.#from = 0;
    if (this.#betweenFrom !== undefined) this.#betweenFrom = 0;
    this.#scanner.write(piece);
    this.#keepBetween(piece);
    if (this.#from === undefined) return;
    this.#begun += piece.slice(this.#from);
    this.#checkSize(this.#begun.length);
  }

  #keepBetween(piece: string): void {
    if (this.#betweenFrom === undefined || !this.bad.skipped.hasListener) return;
    if (this.#between.length <= MAX_REJECTED_CHARS) this.#between += piece.slice(this.#betweenFrom);
  }

  /** @param text returns the text of the log */
  #take(value: unknown, line: number, text: () => string): void {
    const path = `logs.${this.#count}`;
    if (!isObject(value)) {
      this.bad.take(line, () => this.#misfit('must be an object'), text);
      return;
    }
    const shape = this.fields.shapeOf(value);
    const record = this.fields.read(value, shape);
    if (record === undefined)
      this.bad.take(line, () => this.fields.problem(value, shape, { line }, path), text);
    else {
      this.first ??= value;
      this.#records.push(record);
      this.#lines.push(line);
    }
  }

  #misfit(reason: string): AppError {
    const path = `logs.${this.#count}`;
    return new AppError('json_invalid', `${path}: ${reason}. ${SKIP_HINT}`, { path });
  }

  #checkSize(chars: number): void {
    if (chars <= this.#maxChars) return;
    const path = `logs.${this.#count}`;
    const detail = `${path} has more than ${this.#maxChars.toLocaleString('en')} characters.`;
    throw new AppError('cell_too_large', detail, { path });
  }
}

/** Removes the comma between a log and the one before it. */
function withoutComma(text: string): string {
  const log = text.trim();
  return log.startsWith(',') ? log.slice(1).trimStart() : log;
}

/** Returns the error for a body that is larger than a body with `logs` may be. */
export function tooLarge(maxBytes: number): AppError {
  const detail = `A JSON body with logs may have at most ${maxBytes.toLocaleString('en')} bytes (MAX_JSON_BYTES). Send the logs as NDJSON or CSV.`;
  return new AppError('upload_too_large', detail);
}
