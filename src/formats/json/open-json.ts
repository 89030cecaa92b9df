import type { Input, ReadOptions } from '../format.js';
import { BadRecords } from './bad-records.js';
import { CHAR } from './chars.js';
import { ElementSource } from './element-source.js';
import { JsonInput } from './json-input.js';
import {
  closedOnError,
  MAX_LOOKAHEAD,
  ndjsonInput,
  parseObject,
  readAfter,
  readFirstObject,
  skipBlanks,
} from './open-ndjson.js';
import { maxRecordChars } from './raw-record.js';
import { ResultsInput } from './results-input.js';
import { SlidingText } from './sliding-text.js';
import { topLevelFields } from './top-level-fields.js';

/**
 * Opens JSON text and judges by its content what it is:
 *
 * - a list of objects, or of messages: read element by element, and answered as a list with labels;
 * - an object with a list `logs`, or one object: answered with `results` and `warnings`;
 * - several objects, or an object that is longer than what is read ahead: as `openNdjson`.
 * @throws AppError `csv_empty` if the text is blank
 * @throws AppError `json_invalid`, `cell_too_large` or `upload_too_large`, with the place or the path of the field
 * @throws the error of the text
 */
export async function openJson(text: AsyncGenerator<string, void>, options: ReadOptions): Promise<Input> {
  const sliding = new SlidingText(text);
  return closedOnError(sliding, async () => {
    await skipBlanks(sliding);
    switch (sliding.text.charCodeAt(sliding.at)) {
      case CHAR.openList:
        return listInput(sliding, options);
      case CHAR.openObject:
        return objectInput(sliding, options);
      default:
        return ndjsonInput(sliding, options);
    }
  });
}

async function listInput(text: SlidingText, options: ReadOptions): Promise<Input> {
  const bad = new BadRecords(options);
  const source = new ElementSource(text, 'list', bad, maxRecordChars(options.maxCellChars));
  return new JsonInput({ format: 'json', answerKind: 'json', noun: 'element' }, source, bad, options).open();
}

/** A text with `logs` that is no longer than this is parsed at once. JSON.parse takes about a millisecond. */
const MAX_WHOLE = 128 * 1024;

async function objectInput(text: SlidingText, options: ReadOptions): Promise<Input> {
  if (hasLogs(text)) {
    while (!text.isEnded && text.text.length - text.at <= MAX_WHOLE) await text.more();
    const body = text.isEnded ? parseObject(text.text.slice(text.at)) : undefined;
    const input = new ResultsInput(text, options);
    return body === undefined ? input.openStream() : input.openObject(body);
  }
  const object = await readFirstObject(text);
  const isOne = object !== undefined && (await readAfter(text, object.length)) === '' && text.isEnded;
  const body = isOne ? parseObject(object) : undefined;
  if (body !== undefined) return new ResultsInput(text, options).openObject(body);
  const isUnfinished = object === undefined || isOne;
  return isUnfinished && hasLogs(text)
    ? new ResultsInput(text, options).openStream()
    : ndjsonInput(text, options);
}

/** Returns whether the text read so far shows that the first object has a list `logs`. */
function hasLogs({ text, at }: SlidingText): boolean {
  for (const { name, from } of topLevelFields(text.slice(at, at + MAX_LOOKAHEAD))) {
    if (name === 'logs') return text.charCodeAt(at + from) === CHAR.openList;
  }
  return false;
}
