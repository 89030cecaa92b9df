import { AppError, type ErrorPlace } from '../../errors.js';
import { FIELD, type LogRecord, type UnfinishedRecord } from '../../log-record.js';
import {
  type FieldChoice,
  type FieldName,
  type FoundField,
  MAX_TIME_CHARS,
  requestNaming,
} from '../fields.js';
import { clip } from '../clip.js';
import { SKIP_HINT } from './bad-records.js';
import { guessMessage, listOfRecords } from './guess-field.js';
import { type JsonObject, type JsonPath, nameOfPath, valueAt } from './json-path.js';
import { nearestName } from '../../math/edit-distance.js';
import { type RecordShape, type RecordShapes, shapesFor } from './record-shape.js';

/** An error message lists at most this many names. */
const MAX_SHOWN_NAMES = 20;

/** The value of a field and where it was found. */
interface Found {
  readonly text: string;
  readonly path: JsonPath;
}

/**
 * Finds message, source, level and time in JSON objects.
 *
 * A message is the first known field that is a string, a number, a boolean or a list of bytes, and not blank. If all of
 * these are blank, it is the first of them. If there is none, it is the JSON text of the first that is an object or a list;
 * if all are null, it is empty. In a field that the user names, a blank message counts like any other. A source, a level or
 * a time is the first known field that is a string, a number or a boolean.
 */
export class RecordFields {
  readonly #shapes: RecordShapes;

  constructor(
    private readonly choice: FieldChoice,
    private readonly maxCellChars: number,
  ) {
    this.#shapes = shapesFor(choice);
  }

  shapeOf(object: JsonObject): RecordShape {
    return this.#shapes.of(object);
  }

  /** Returns the record of an object; undefined if it has no message or one that is too long. `problem` says why. */
  read(object: JsonObject, shape: RecordShape): LogRecord | undefined {
    const message = this.#messageIn(object, shape);
    if (message === undefined || message.text.length > this.maxCellChars) return undefined;
    return this.#withMessage(message.text, object, shape);
  }

  /** Returns whether an object has no field for a message, not even one that is empty. */
  lacksMessage(object: JsonObject, shape: RecordShape): boolean {
    return this.#messageIn(object, shape) === undefined;
  }

  /** Returns the record of an object without a message: an empty one. It is undefined if the source cannot be read. */
  readWithoutMessage(object: JsonObject, shape: RecordShape): LogRecord | undefined {
    return this.#withMessage('', object, shape);
  }

  #withMessage(message: string, object: JsonObject, shape: RecordShape): LogRecord | undefined {
    const { choice, maxCellChars } = this;
    const source = choice.source ?? this.#sourceIn(object, shape)?.text;
    if (source === undefined ? choice.sourceColumn !== undefined : source.length > maxCellChars)
      return undefined;
    const record: UnfinishedRecord = { source: source ?? '', message };
    const level = scalarIn(object, shape.level);
    if (level !== undefined) record.level = level.text;
    const time = shape.time.length === 0 ? undefined : scalarIn(object, shape.time);
    if (time !== undefined && time.text.length <= MAX_TIME_CHARS) record.time = time.text;
    const label = shape.hasLabel ? object[FIELD.label] : undefined;
    if (typeof label === 'string' && label.trim() !== '') record.ownLabel = label.trim();
    return record;
  }

  /**
   * Returns the error for an object that is no record.
   * @param prefix the path of the object, such as `logs.3`; empty for the top level
   */
  problem(object: JsonObject, shape: RecordShape, place: ErrorPlace, prefix = ''): AppError {
    const { choice, maxCellChars } = this;
    const message = this.#messageIn(object, shape);
    const source = choice.source === undefined ? this.#sourceIn(object, shape) : undefined;
    for (const found of [message, source]) {
      if (found !== undefined && found.text.length > maxCellChars)
        return tooLong(found, maxCellChars, place, prefix);
    }
    if (message !== undefined)
      return missing('source', choice.sourceColumn ?? FIELD.source, shape, place, prefix);
    if (choice.messageColumn !== undefined)
      return missing('message', choice.messageColumn, shape, place, prefix);
    return noMessage(object, shape, choice, place, prefix);
  }

  /** Returns where an object has its fields. */
  placesIn(object: JsonObject): Partial<Record<FieldName, FoundField>> {
    const shape = this.shapeOf(object);
    const found = {
      message: this.#messageIn(object, shape),
      source: this.choice.source === undefined ? this.#sourceIn(object, shape) : undefined,
      level: scalarIn(object, shape.level),
    };
    return Object.fromEntries(
      Object.entries(found).flatMap(([field, at]) => (at ? [[field, { name: nameOfPath(at.path) }]] : [])),
    );
  }

  #messageIn(object: JsonObject, shape: RecordShape): Found | undefined {
    return textIn(object, shape.message, this.choice.messageColumn === undefined);
  }

  #sourceIn(object: JsonObject, shape: RecordShape): Found | undefined {
    return this.choice.sourceColumn === undefined
      ? scalarIn(object, shape.source)
      : textIn(object, shape.source, false);
  }
}

/** @param isBlankLast whether a text that is not blank is better than an earlier one that is */
function textIn(object: JsonObject, paths: readonly JsonPath[], isBlankLast: boolean): Found | undefined {
  let blank: Found | undefined;
  let structure: { value: object; path: JsonPath } | undefined;
  let empty: Found | undefined;
  for (const path of paths) {
    const value = valueAt(object, path);
    const text = plainText(value);
    if (text !== undefined) {
      if (!isBlankLast || text.trim() !== '') return { text, path };
      blank ??= { text, path };
    } else if (value === null) empty ??= { text: '', path };
    else if (typeof value === 'object') structure ??= { value, path };
  }
  // A blank text is better than a structure: an empty message may stand beside an object `log` that holds the level.
  if (blank !== undefined) return blank;
  return structure === undefined ? empty : { text: JSON.stringify(structure.value), path: structure.path };
}

/** Returns the text of a string, a number, a boolean or a list of bytes; undefined for another value. */
function plainText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return isListOfBytes(value) ? Buffer.from(value).toString('utf8') : undefined;
}

function scalarIn(object: JsonObject, paths: readonly JsonPath[]): Found | undefined {
  for (const path of paths) {
    const value = valueAt(object, path);
    if (typeof value === 'string') return { text: value, path };
    if (typeof value === 'number' || typeof value === 'boolean') return { text: String(value), path };
  }
  return undefined;
}

/** journald writes a message that is not UTF-8, or has control characters, as a list of bytes. */
function isListOfBytes(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((byte) => typeof byte === 'number' && Number.isInteger(byte) && byte >= 0 && byte <= 255)
  );
}

function tooLong({ path }: Found, limit: number, place: ErrorPlace, prefix: string): AppError {
  const name = joined(prefix, nameOfPath(path));
  const where = place.line === undefined ? '' : `On line ${place.line}, `;
  const detail = `${where}${name} has more than ${limit} characters.`;
  return new AppError('cell_too_large', detail, { ...place, path: name });
}

/** Returns the error for an object that has no field with a known name of a message. */
function noMessage(
  object: JsonObject,
  { keys }: RecordShape,
  choice: FieldChoice,
  place: ErrorPlace,
  prefix: string,
): AppError {
  const path = joined(prefix, FIELD.message);
  const what = `${subject(place, prefix)} no field has a known name for the message, such as ${FIELD.message}. Its fields are: ${listed(keys)}.`;
  const guess = guessMessage(object, choice.names.message)?.toWellFormed();
  const way =
    guess === undefined ? '' : ` Say which field has the message: ${requestNaming(choice, 'message', guess)}`;
  const list = place.line === undefined && prefix === '' ? listOfRecords(object) : undefined;
  const instead =
    list === undefined
      ? ''
      : ` If the list ${JSON.stringify(clip(list))} has the records, send that list alone.`;
  return new AppError('json_invalid', `${what}${instead} ${SKIP_HINT}${way}`, {
    ...place,
    path,
    ...(guess === undefined ? {} : { guess }),
  });
}

/** Returns the error for an object without the field that a parameter names. */
function missing(
  field: 'message' | 'source',
  wanted: string,
  { keys }: RecordShape,
  place: ErrorPlace,
  prefix: string,
): AppError {
  const parameter = `${field}_column`;
  const near = nearestName(wanted, keys);
  const what = `there is no field ${JSON.stringify(clip(wanted))}, which ${parameter} names.`;
  const way = `${near === undefined ? '' : `Did you mean ${parameter}=${near}? `}A nested field is named by its path, such as event.text.`;
  const detail = `${subject(place, prefix)} ${what} Its fields are: ${listed(keys)}. ${way} ${SKIP_HINT}`;
  return new AppError('json_invalid', detail, { ...place, path: joined(prefix, wanted) });
}

function subject({ line }: ErrorPlace, prefix: string): string {
  if (line !== undefined) return `On line ${line}:`;
  return `${prefix === '' ? 'The body' : prefix}:`;
}

function listed(keys: readonly string[]): string {
  if (keys.length === 0) return '(none)';
  const more = keys.length > MAX_SHOWN_NAMES ? `, and ${keys.length - MAX_SHOWN_NAMES} more` : '';
  return keys.slice(0, MAX_SHOWN_NAMES).map(clip).join(', ') + more;
}

function joined(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}
