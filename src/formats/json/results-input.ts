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
import { LogsStream, tooLarge } from './logs-stream.js';
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
  readonly #stream: LogsStream;
  /** The records read before `chunks`. */
  #records: LogRecord[] = [];
  #first: JsonObject | undefined;
  #isRead = false;

  constructor(
    private readonly text: SlidingText,
    private readonly options: ReadOptions,
  ) {
    this.#fields = new RecordFields(options.fields, options.maxCellChars);
    this.#bad = new BadRecords(options.onError);
    this.#stream = new LogsStream(text, this.#fields, this.#bad, options);
  }

  get description(): InputDescription {
    const first = this.#first ?? this.#stream.first;
    if (first === undefined) return { columns: [] };
    return { columns: this.#fields.shapeOf(first).keys.slice(0, 50), ...this.#fields.placesIn(first) };
  }

  get counts(): ReadCounts {
    return { blankLines: 0, overwrittenLabels: 0, skipped: this.#bad.skipped };
  }

  /** Reads the first logs of a body whose text goes on. */
  async openStream(): Promise<this> {
    while (this.#records.length === 0) {
      const records = await this.#stream.read();
      if (records === undefined) break;
      this.#records = records;
    }
    return this;
  }

  /** Reads a body of one object, whose text is complete. */
  async openObject(body: JsonObject, object: string): Promise<this> {
    if (Buffer.byteLength(object) > this.options.maxJsonBytes) throw tooLarge(this.options.maxJsonBytes);
    if (!Object.hasOwn(body, 'logs')) this.#readOne(body);
    // The stream knows the line and the path of what is wrong.
    else if (!this.#readAll(body.logs, object)) return this.openStream();
    this.#isRead = true;
    return this;
  }

  async *chunks(): AsyncGenerator<RecordChunk, void> {
    try {
      yield* this.#inChunks(this.#records);
      this.#records = [];
      while (!this.#isRead) {
        const records = await this.#stream.read();
        if (records === undefined) break;
        yield* this.#inChunks(records);
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

  *#inChunks(records: readonly LogRecord[]): Generator<RecordChunk> {
    const { chunkRecords, chunkChars } = this.options;
    let from = 0;
    let chars = 0;
    for (let i = 0; i < records.length; i += 1) {
      chars += (records[i]?.message.length ?? 0) + (records[i]?.source.length ?? 0);
      if (i + 1 - from < chunkRecords && chars < chunkChars && i + 1 < records.length) continue;
      yield { records: records.slice(from, i + 1) };
      from = i + 1;
      chars = 0;
    }
  }

  #readOne(body: JsonObject): void {
    const shape = this.#fields.shapeOf(body);
    const record = this.#fields.read(body, shape);
    this.#first = body;
    if (record === undefined) this.#bad.take(this.text.line, () => this.#fields.problem(body, shape, {}));
    else this.#records = [record];
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
    this.#records = records;
    return true;
  }
}

/** Returns whether `logs` is there twice. JSON.parse would drop the first silently. */
function hasLogsTwice(text: string): boolean {
  let found = 0;
  for (const { name } of topLevelFields(text)) found += name === 'logs' ? 1 : 0;
  return found > 1;
}
