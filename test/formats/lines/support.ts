import { AppError } from '../../../src/errors.js';
import type { ReadOptions, SkippedRecord } from '../../../src/formats/format.js';
import { openLines } from '../../../src/formats/lines/lines-input.js';
import type { LogRecord } from '../../../src/log-record.js';
import { optionsWith } from '../read-options.js';

export { optionsWith };

/** Everything that a reader of lines returns. */
export interface ReadLines {
  records: LogRecord[];
  lineNumbers: number[];
  chunkSizes: number[];
  blankLines: number;
  skipped: SkippedRecord[];
}

/** Returns a text in these pieces. */
export async function* piecesOf(pieces: Iterable<string>): AsyncGenerator<string, void> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

/** Reads a text, given as a whole or in pieces. */
export async function readLines(
  text: string | Iterable<string>,
  options: Partial<ReadOptions> = {},
): Promise<ReadLines> {
  const input = await openLines(piecesOf(typeof text === 'string' ? [text] : text), optionsWith(options));
  const read: Omit<ReadLines, 'blankLines' | 'skipped'> = { records: [], lineNumbers: [], chunkSizes: [] };
  for await (const { records, lines } of input.chunks()) {
    read.records.push(...records);
    read.lineNumbers.push(...lines);
    read.chunkSizes.push(records.length);
  }
  const { blankLines, skipped } = input.counts;
  return { ...read, blankLines, skipped: skipped.first };
}

/** Returns the messages of a text. */
export async function messagesOf(text: string, options: Partial<ReadOptions> = {}): Promise<string[]> {
  return (await readLines(text, options)).records.map(({ message }) => message);
}

/** Returns the error of an operation that must fail. */
export async function errorOf(operation: Promise<unknown>): Promise<AppError> {
  const error: unknown = await operation.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw new Error('The operation did not fail with an AppError.', { cause: error });
}
