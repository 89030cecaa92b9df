import { AppError } from '../../errors.js';
import { SKIP_HINT } from './bad-records.js';
import { type JsonHandler, JsonScanner, JsonSyntaxError } from './json-scanner.js';
import type { RawRecord } from './raw-record.js';

/** What a record is called in an error message. */
export type RecordNoun = 'line' | 'element' | 'object';

/** Returns the error for text that is not JSON, with the place of the first wrong character. */
export function notJson({ text, line, column }: RawRecord, noun: RecordNoun): AppError {
  const subject =
    noun === 'line'
      ? `Line ${line} is not a JSON object`
      : `The ${noun} that begins on line ${line} is not valid JSON`;
  const error = syntaxErrorOf(text);
  if (!(error instanceof JsonSyntaxError)) {
    const reason = error instanceof AppError ? error.message : 'It cannot be parsed.';
    return new AppError('json_invalid', `${subject}: ${reason} ${SKIP_HINT}`, { line, column });
  }
  const before = error.isAtEnd ? text : text.slice(0, error.index);
  const lastBreak = before.lastIndexOf('\n');
  const place = {
    line: line + error.line - 1,
    column: lastBreak === -1 ? column + before.length : before.length - lastBreak,
  };
  const where = noun === 'line' ? '' : `on line ${place.line}, `;
  const found = error.found.replace(
    'the end of the body',
    noun === 'line' ? 'the end of the line' : 'the end of the text',
  );
  const expected = error.expected.replace('the end of the body', `the end of the ${noun}`);
  return new AppError(
    'json_invalid',
    `${subject}: ${where}at character ${place.column}, expected ${expected} but found ${found}. ${SKIP_HINT}`,
    place,
  );
}

/** Returns the error for valid JSON that is not a record, such as a number. */
export function notARecord(value: unknown, { line, column }: RawRecord, noun: RecordNoun): AppError {
  const subject = noun === 'line' ? `Line ${line}` : `The ${noun} on line ${line}`;
  const way = noun === 'element' ? 'Send a list of objects.' : 'Send one JSON object a line.';
  const detail = `${subject} is not a JSON object but ${kindOf(value)}. ${way} ${SKIP_HINT}`;
  return new AppError('json_invalid', detail, { line, column });
}

/** Returns the error for a record with more than `limit` characters. */
export function recordTooLarge(line: number, noun: RecordNoun, limit: number): AppError {
  const subject = noun === 'line' ? `Line ${line}` : `The ${noun} that begins on line ${line}`;
  const detail = `${subject} has more than ${limit.toLocaleString('en')} characters. ${SKIP_HINT}`;
  return new AppError('cell_too_large', detail, { line });
}

/** Returns the error for a record that would take long to parse. */
export function recordTooComplex(line: number, noun: RecordNoun, reason: string): AppError {
  const subject = noun === 'line' ? `Line ${line}` : `The ${noun} that begins on line ${line}`;
  return new AppError('json_invalid', `${subject} ${reason}. ${SKIP_HINT}`, { line });
}

/** Returns the error for a character between records. */
export function misplaced(expected: string, char: string, line: number, column: number): AppError {
  const found = char === '' ? 'the end of the text' : JSON.stringify(char);
  const detail = `On line ${line}, at character ${column}, expected ${expected} but found ${found}. ${SKIP_HINT}`;
  return new AppError('json_invalid', detail, { line, column });
}

/** Returns the error for a text that is empty or blank. */
export function emptyText(): AppError {
  return new AppError(
    'csv_empty',
    'The file is empty. Send at least one JSON object, such as {"log_message": "..."}.',
  );
}

const ignore: JsonHandler = {
  open: () => undefined,
  close: () => undefined,
  name: () => undefined,
  scalar: () => undefined,
};

function syntaxErrorOf(text: string): unknown {
  const scanner = new JsonScanner(ignore);
  try {
    scanner.write(text);
    scanner.end();
    return undefined;
  } catch (error) {
    return error;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
