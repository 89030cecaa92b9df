import { TEXT_PER_TURN, turnToParse } from '../../async/loop-turns.js';
import type { AppError } from '../../errors.js';
import { FIELD, type LogRecord } from '../../log-record.js';
import type {
  AnswerKind,
  AnswerStyle,
  AnswerWriter,
  FormatName,
  Input,
  InputDescription,
  ReadCounts,
  ReadOptions,
} from '../format.js';
import type { BadRecords } from './bad-records.js';
import { CHAR } from './chars.js';
import { tooComplex } from './complexity.js';
import { notARecord, notJson, recordTooComplex, type RecordNoun } from './json-errors.js';
import { isObject, type JsonObject } from './json-path.js';
import type { RawRecord, RecordSource } from './raw-record.js';
import { RecordFields } from './record-fields.js';
import type { RecordShape } from './record-shape.js';
import { type JsonChunk, listWriter, ndjsonWriter } from './records-writer.js';

/** The description names at most this many fields, from at most MAX_DESCRIBED records. */
const MAX_COLUMNS = 50;
const MAX_DESCRIBED = 100;

/** JSON.parse takes some ten microseconds to refuse a text. After as many refusals, the event loop turns. */
const MAX_FAILURES_IN_TURN = 200;

/** What distinguishes the forms in which objects may be sent. */
export interface JsonForm {
  readonly format: FormatName;
  readonly answerKind: Extract<AnswerKind, 'ndjson' | 'json'>;
  /** What a record is called in an error message. */
  readonly noun: RecordNoun;
}

/** An object that has been parsed. */
interface ParsedObject {
  readonly object: JsonObject;
  readonly shape: RecordShape;
  readonly raw: RawRecord;
}

/**
 * JSON objects, one record each, which are read on demand and answered in kind.
 *
 * An object without a message is a record with an empty one, provided that another object has a message: one before it, or
 * one of the same chunk behind it. Otherwise the name of the message is unknown, and the object cannot be read.
 */
export class JsonInput implements Input<JsonChunk> {
  readonly #fields: RecordFields;
  readonly #columns = new Set<string>();
  #described = 0;
  #first: JsonObject | undefined;
  #overwrittenLabels = 0;
  #records: LogRecord[] = [];
  #lines: number[] = [];
  #texts: string[] = [];
  #shapes: RecordShape[] = [];
  #chars = 0;
  #hasMessage = false;
  /** The objects without a message before the first one that has a message. */
  #held: ParsedObject[] = [];
  /** The number of records that JSON.parse refused in this turn. */
  #failures = 0;

  constructor(
    private readonly form: JsonForm,
    private readonly source: RecordSource,
    private readonly bad: BadRecords,
    private readonly options: ReadOptions,
  ) {
    this.#fields = new RecordFields(options.fields, options.maxCellChars);
  }

  get format(): FormatName {
    return this.form.format;
  }

  get answerKind(): AnswerKind {
    return this.form.answerKind;
  }

  get description(): InputDescription {
    return {
      columns: [...this.#columns],
      ...(this.#first === undefined ? {} : this.#fields.placesIn(this.#first)),
      messageGuess: this.bad.guess,
    };
  }

  get counts(): ReadCounts {
    return {
      blankLines: this.source.blankLines,
      overwrittenLabels: this.#overwrittenLabels,
      skipped: this.bad.skipped,
    };
  }

  /** Reads the first records, for the description. Call it once, before `chunks`. */
  async open(): Promise<this> {
    while (!this.#fill() && this.#records.length === 0) {
      if (!(await this.#more())) break;
    }
    if (this.#records.length === 0) this.#refuseHeld();
    return this;
  }

  async *chunks(): AsyncGenerator<JsonChunk, void> {
    try {
      do {
        while (this.#fill()) yield this.#take();
        if (this.source.isFlushed) yield { ...this.#take(), isFlushed: true };
      } while (await this.#more());
      this.#refuseHeld();
      if (this.#records.length > 0) yield this.#take();
    } finally {
      await this.source.close();
    }
  }

  answerWriter(style: AnswerStyle): AnswerWriter<JsonChunk> {
    return this.form.answerKind === 'ndjson' ? ndjsonWriter(style) : listWriter(style);
  }

  ndjsonWriter(style: AnswerStyle): AnswerWriter<JsonChunk> {
    return ndjsonWriter(style);
  }

  async close(): Promise<void> {
    await this.source.close();
  }

  /** Collects records from the text read so far. Returns true when the chunk is full. */
  #fill(): boolean {
    const { chunkRecords, chunkChars } = this.options;
    while (this.#records.length < chunkRecords && this.#chars < chunkChars) {
      if (this.#failures >= MAX_FAILURES_IN_TURN) return false;
      const raw = this.source.next();
      if (raw === undefined) return false;
      this.#add(raw);
    }
    return true;
  }

  /** Reads more text, or lets the event loop turn. Returns false if there is nothing left. */
  async #more(): Promise<boolean> {
    const isPause = this.#failures >= MAX_FAILURES_IN_TURN;
    this.#failures = 0;
    if (!isPause) return this.source.more();
    await turnToParse(TEXT_PER_TURN);
    return true;
  }

  #take(): JsonChunk {
    const chunk = { records: this.#records, lines: this.#lines, texts: this.#texts, shapes: this.#shapes };
    this.#records = [];
    this.#lines = [];
    this.#texts = [];
    this.#shapes = [];
    this.#chars = 0;
    return chunk;
  }

  #add(raw: RawRecord): void {
    const { noun } = this.form;
    const complexity = tooComplex(raw.text);
    if (complexity !== undefined) {
      this.#leaveOut(raw, () => recordTooComplex(raw.line, noun, complexity));
      return;
    }
    if (!mayBeRecord(raw.text, noun)) {
      this.#leaveOut(raw, () => noRecord(raw, noun));
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(raw.text);
    } catch {
      this.#failures += 1;
      this.#leaveOut(raw, () => notJson(raw, noun));
      return;
    }
    if (typeof value === 'string' && noun === 'element') {
      // A list of strings is a list of messages.
      this.#addObject(
        { [FIELD.message]: value },
        { ...raw, sent: raw.text, text: `{"${FIELD.message}":${raw.text}}` },
      );
    } else if (isObject(value)) this.#addObject(value, raw);
    else this.#leaveOut(raw, () => notARecord(value, raw, noun));
  }

  #addObject(object: JsonObject, raw: RawRecord): void {
    const shape = this.#fields.shapeOf(object);
    const record = this.#fields.read(object, shape);
    if (record !== undefined) {
      if (!this.#hasMessage) this.#acceptHeld(object);
      this.#accept(record, { object, shape, raw });
    } else if (this.#fields.lacksMessage(object, shape)) this.#addWithoutMessage({ object, shape, raw });
    else this.#refuse({ object, shape, raw });
  }

  #accept(record: LogRecord, { shape, raw: { text, line } }: ParsedObject): void {
    this.#records.push(record);
    this.#lines.push(line);
    this.#texts.push(text);
    this.#shapes.push(shape);
    this.#chars += text.length;
    if (shape.hasLabel) this.#overwrittenLabels += 1;
    this.#describe(shape);
  }

  #addWithoutMessage(parsed: ParsedObject): void {
    if (this.#hasMessage) {
      this.#acceptWithoutMessage(parsed);
      return;
    }
    this.#held.push(parsed);
    this.#chars += parsed.raw.text.length;
    const { chunkRecords, chunkChars } = this.options;
    if (this.#held.length >= chunkRecords || this.#chars >= chunkChars) this.#refuseHeld();
  }

  #acceptWithoutMessage(parsed: ParsedObject): void {
    const record = this.#fields.readWithoutMessage(parsed.object, parsed.shape);
    if (record === undefined) this.#refuse(parsed);
    else this.#accept(record, parsed);
  }

  /** @param first the first object with a message. It stands behind those that are held. */
  #acceptHeld(first: JsonObject): void {
    this.#hasMessage = true;
    this.#first = first;
    for (const parsed of this.#takeHeld()) this.#acceptWithoutMessage(parsed);
  }

  #refuseHeld(): void {
    const held = this.#takeHeld();
    for (const parsed of held) this.#refuse(parsed);
    if (held.length > 0) this.bad.skipped.first.sort((a, b) => a.line - b.line);
  }

  #takeHeld(): ParsedObject[] {
    const held = this.#held;
    this.#held = [];
    if (held.length > 0) this.#chars = 0;
    return held;
  }

  #refuse({ object, shape, raw }: ParsedObject): void {
    this.#leaveOut(raw, () => this.#fields.problem(object, shape, { line: raw.line }));
  }

  #leaveOut({ line, text, sent }: RawRecord, problem: () => AppError): void {
    this.bad.take(line, problem, () => sent ?? text);
  }

  #describe(shape: RecordShape): void {
    if (this.#described === MAX_DESCRIBED) return;
    this.#described += 1;
    for (const key of shape.keys) if (this.#columns.size < MAX_COLUMNS) this.#columns.add(key);
  }
}

/**
 * Whether a text begins and ends like an object, or, in a list, like a string. JSON.parse takes far longer to refuse a
 * text.
 */
function mayBeRecord(text: string, noun: RecordNoun): boolean {
  const [first, last] = [text.charCodeAt(0), text.charCodeAt(text.length - 1)];
  if (first === CHAR.openObject) return last === CHAR.closeObject;
  return noun === 'element' && first === CHAR.quote && last === CHAR.quote;
}

/** Returns the error for a text that is neither an object nor a string. */
function noRecord(raw: RawRecord, noun: RecordNoun): AppError {
  let value: unknown;
  try {
    value = JSON.parse(raw.text);
  } catch {
    return notJson(raw, noun);
  }
  return notARecord(value, raw, noun);
}
