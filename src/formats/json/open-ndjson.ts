import type { Input, ReadOptions } from '../format.js';
import { BadRecords } from './bad-records.js';
import { CHAR, isBlank, isRecordMark } from './chars.js';
import { tooComplex } from './complexity.js';
import { ElementScanner } from './element-scanner.js';
import { ElementSource } from './element-source.js';
import { emptyText } from './json-errors.js';
import { JsonInput } from './json-input.js';
import { isObject, type JsonObject } from './json-path.js';
import { LineSource } from './line-source.js';
import { maxRecordChars } from './raw-record.js';
import type { JsonChunk } from './records-writer.js';
import { SlidingText } from './sliding-text.js';

/** Maximum number of characters that are read to find out how records follow each other. */
export const MAX_LOOKAHEAD = 65_536;

/** At most this many lines are parsed to judge the form: JSON.parse takes some ten microseconds to refuse a text. */
const MAX_PARSED_LINES = 100;

/**
 * Opens text with one JSON object a line. If the first object spans lines, or another object follows on its line, the text
 * is read as objects that follow each other. It is answered as NDJSON: each object with its label, otherwise as it stands.
 *
 * Ignored are blank lines, record separators (U+001E, as in a JSON text sequence) before objects and, between objects that
 * are not on lines of their own, commas.
 * @throws AppError `csv_empty` if the text is blank
 * @throws AppError `json_invalid` or `cell_too_large`, with line and character or the path of the field
 * @throws the error of the text
 * @example
 * const input = await openNdjson(text, options);
 * for await (const { records } of input.chunks()) use(records);
 */
export async function openNdjson(
  text: AsyncGenerator<string, void>,
  options: ReadOptions,
): Promise<Input<JsonChunk>> {
  const sliding = new SlidingText(text);
  return closedOnError(sliding, async () => {
    await skipBlanks(sliding);
    return ndjsonInput(sliding, options);
  });
}

/** Opens NDJSON whose first character that is not blank is known. */
export async function ndjsonInput(text: SlidingText, options: ReadOptions): Promise<Input<JsonChunk>> {
  const bad = new BadRecords(options);
  const maxChars = maxRecordChars(options.maxCellChars);
  const areLines = await hasObjectsOnLines(text);
  const source = areLines
    ? new LineSource(text, bad, maxChars)
    : new ElementSource(text, 'objects', bad, maxChars);
  const form = { format: 'ndjson', answerKind: 'ndjson', noun: areLines ? 'line' : 'object' } as const;
  return new JsonInput(form, source, bad, options).open();
}

/**
 * Moves to the first character that is not blank.
 * @throws AppError `csv_empty` if there is none
 */
export async function skipBlanks(text: SlidingText): Promise<void> {
  do {
    for (; text.at < text.text.length; text.at += 1) {
      const code = text.text.charCodeAt(text.at);
      if (code === CHAR.newline) text.passNewline(text.at);
      else if (!isBlank(code) && !isRecordMark(code)) return;
    }
  } while ((await text.more()) !== undefined);
  throw emptyText();
}

/** Calls `open`, and closes the text if it fails. */
export async function closedOnError<T>(text: SlidingText, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    await text.close();
    throw error;
  }
}

/**
 * Judges by the first line whether each line is a record of its own. If the first line is no JSON object, it may be broken,
 * or the beginning of an object that spans lines: that is so if the text begins with an object, or if none of the lines
 * that are read ahead is an object.
 */
async function hasObjectsOnLines(text: SlidingText): Promise<boolean> {
  if (text.text.charCodeAt(text.at) !== CHAR.openObject) return true;
  const line = await readFirstLine(text);
  if (line === undefined) return false;
  if (parseObject(line) !== undefined) return true;
  const object = await readFirstObject(text);
  if (object !== undefined && parseObject(object) !== undefined) {
    const next = await readAfter(text, object.length);
    if (next === '' || next === '{') return false;
  }
  while (text.text.length - text.at < MAX_LOOKAHEAD && !text.isEnded) await text.more();
  return text.text
    .slice(text.at, text.at + MAX_LOOKAHEAD)
    .split('\n')
    .filter((each) => /^\s*\{.*\}\s*$/.test(each))
    .slice(0, MAX_PARSED_LINES)
    .some((each) => parseObject(each) !== undefined);
}

/** Returns the first line; undefined if it is longer than what is read ahead. */
async function readFirstLine(text: SlidingText): Promise<string | undefined> {
  for (let searched = text.at; ;) {
    const end = text.text.indexOf('\n', searched);
    if (end !== -1 || text.isEnded) return text.text.slice(text.at, end === -1 ? undefined : end);
    if (text.text.length - text.at >= MAX_LOOKAHEAD) return undefined;
    searched = text.text.length - text.at;
    await text.more();
  }
}

/** Returns the first object; undefined if it is broken or longer than what is read ahead. It stays in the text. */
export async function readFirstObject(text: SlidingText): Promise<string | undefined> {
  const scanner = new ElementScanner();
  scanner.begin(text.at);
  for (;;) {
    const result = scanner.scan(text.text);
    if (result === 'closed') return text.text.slice(text.at, scanner.at);
    if (result !== 'open' || text.isEnded || text.text.length - text.at >= MAX_LOOKAHEAD) return undefined;
    scanner.shift((await text.more()) ?? 0);
  }
}

/**
 * Returns the first character after the first object that is neither blank nor ignored between objects; an empty text if
 * the text ends before, or if none is in the text that is read ahead.
 */
export async function readAfter(text: SlidingText, length: number): Promise<string> {
  for (let offset = length; ; offset += 1) {
    while (text.at + offset >= text.text.length) {
      if (text.isEnded || offset >= MAX_LOOKAHEAD) return '';
      await text.more();
    }
    const code = text.text.charCodeAt(text.at + offset);
    if (!isBlank(code) && !isRecordMark(code) && code !== CHAR.comma)
      return text.text.charAt(text.at + offset);
  }
}

/** Parses an object; undefined if the text is something else, or must not be parsed. */
export function parseObject(text: string): JsonObject | undefined {
  if (tooComplex(text) !== undefined) return undefined;
  try {
    const value: unknown = JSON.parse(isRecordMark(text.charCodeAt(0)) ? text.slice(1) : text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
