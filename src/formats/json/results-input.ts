import type { AppError } from '../../errors.js';
import type { LogRecord } from '../../log-record.js';
import type {
  AnswerWriter,
  Input,
  InputDescription,
  ReadCounts,
  ReadOptions,
  RecordChunk,
} from '../format.js';
import { BadRecords } from './bad-records.js';
import { isObject, type JsonObject } from './json-path.js';
import { linesOfLogs } from './element-lines.js';
import { LogsStream, type ReadLogs, tooLarge } from './logs-stream.js';
import { MAX_LOG_ENTRIES } from './logs-handler.js';
import { RecordFields } from './record-fields.js';
import { resultsAnswer } from './results-answer.js';
import type { SlidingText } from './sliding-text.js';
import { topLevelFields } from './top-level-fields.js';

/** A body `{"logs": [...]}`, or one object. It is answered with `results` and `warnings`. */
export class ResultsInput implements Input {
  readonly format = 'json';
  readonly answerKind = 'json';
  readonly #fields: RecordFields;
  readonly #bad: BadRecords;
  /** Reads the logs of a body that is not read at once. */
  #stream: LogsStream | undefined;
  /** The records read before `chunks`. */
  #read: ReadLogs = { records: [], lines: [] };
  #first: JsonObject | undefined;

  constructor(
    private readonly text: SlidingText,
    private readonly options: ReadOptions,
  ) {
    this.#fields = new RecordFields(options.fields, options.maxCellChars);
    this.#bad = new BadRecords(options);
  }

  get description(): InputDescription {
    const first = this.#first ?? this.#stream?.first;
    if (first === undefined) return { columns: [], messageGuess: this.#bad.guess };
    return {
      columns: this.#fields.shapeOf(first).keys.slice(0, 50),
      ...this.#fields.placesIn(first),
      messageGuess: this.#bad.guess,
    };
  }

  get counts(): ReadCounts {
    return { blankLines: 0, overwrittenLabels: 0, skipped: this.#bad.skipped };
  }

  /** Reads the first logs of a body whose text goes on. */
  async openStream(): Promise<this> {
    this.#stream = new LogsStream(this.text, this.#fields, this.#bad, this.options);
    while (this.#read.records.length === 0) {
      const read = await this.#stream.read();
      if (read === undefined) break;
      this.#read = read;
    }
    return this;
  }

  /** Reads a body whose text, of one object, is complete. */
  async openObject(body: JsonObject): Promise<this> {
    const text = this.text.text.slice(this.text.at);
    if (Buffer.byteLength(text) > this.options.maxJsonBytes) throw tooLarge(this.options.maxJsonBytes);
    const isRead = Object.hasOwn(body, 'logs') ? this.#readAll(body.logs, text) : this.#readOne(body);
    // The stream knows the line and the path of what is wrong.
    return isRead ? this : this.openStream();
  }

  async *chunks(): AsyncGenerator<RecordChunk, void> {
    try {
      yield* this.#inChunks(this.#read);
      this.#read = { records: [], lines: [] };
      for (let next = await this.#stream?.read(); next !== undefined; next = await this.#stream?.read()) {
        yield* this.#inChunks(next);
      }
    } finally {
      await this.text.close();
    }
  }

  answerWriter(): AnswerWriter {
    return resultsAnswer();
  }

  async close(): Promise<void> {
    await this.text.close();
  }

  *#inChunks(read: ReadLogs): Generator<RecordChunk> {
    const { records } = read;
    const { chunkRecords, chunkChars } = this.options;
    let from = 0;
    let chars = 0;
    for (let i = 0; i < records.length; i += 1) {
      chars += (records[i]?.message.length ?? 0) + (records[i]?.source.length ?? 0);
      if (i + 1 - from < chunkRecords && chars < chunkChars && i + 1 < records.length) continue;
      yield slice(read, from, i + 1);
      from = i + 1;
      chars = 0;
    }
  }

  #readOne(body: JsonObject): true {
    const shape = this.#fields.shapeOf(body);
    const record = this.#fields.read(body, shape);
    this.#first = body;
    if (record === undefined) {
      const problem = (): AppError => this.#fields.problem(body, shape, {});
      this.#bad.take(this.text.line, problem, () => this.text.text.slice(this.text.at).trimEnd());
    } else this.#read = { records: [record], lines: [this.text.line] };
    return true;
  }

  /** Returns whether all logs are records. */
  #readAll(logs: unknown, text: string): boolean {
    if (!Array.isArray(logs) || logs.length > MAX_LOG_ENTRIES || hasLogsTwice(text)) return false;
    const records: LogRecord[] = [];
    for (const log of logs as unknown[]) {
      if (!isObject(log)) return false;
      const record = this.#fields.read(log, this.#fields.shapeOf(log));
      if (record === undefined) return false;
      records.push(record);
    }
    this.#first = isObject(logs[0]) ? logs[0] : undefined;
    const { line } = this.text;
    let lines: number[] | undefined;
    this.#read = {
      records,
      // Only jobs ask for the lines. To find them takes a second pass over the text.
      get lines() {
        return (lines ??= linesOfLogs(text, line));
      },
    };
    return true;
  }
}

/** Returns some of the records. The lines are found only if somebody asks for them. */
function slice(read: ReadLogs, from: number, to: number): RecordChunk {
  return {
    records: read.records.slice(from, to),
    get lines() {
      return read.lines.slice(from, to);
    },
  };
}

/** Returns whether `logs` is there twice. JSON.parse would drop the first silently. */
function hasLogsTwice(text: string): boolean {
  const isOnce = text.indexOf('"logs"') === text.lastIndexOf('"logs"') && !text.includes('\\u');
  if (isOnce) return false;
  let found = 0;
  for (const { name } of topLevelFields(text)) found += name === 'logs' ? 1 : 0;
  return found > 1;
}
