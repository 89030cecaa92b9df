import { AppError } from '../errors.js';
import { openCsv } from './csv/csv-input.js';
import { detectFormat, type FormatHints, type TextFormat } from './detect.js';
import type { Input, OpenInput, ReadOptions } from './format.js';
import { openJson } from './json/open-json.js';
import { openNdjson } from './json/open-ndjson.js';
import { openLines } from './lines/lines-input.js';

/** The reader of each format. A new format is one line here, and its rule in `detect.ts`. */
const readers: Readonly<Record<TextFormat, OpenInput>> = {
  csv: openCsv,
  lines: openLines,
  ndjson: openNdjson,
  json: openJson,
};

/** The format of a text is decided from at most this many characters. */
const START_CHARS = 64 * 1024;

/** How to read a text whose format may be unknown. */
export interface OpenTextInputOptions extends ReadOptions {
  /** The format, if the client states it with the parameter `input_format`. */
  format: TextFormat | undefined;
  mediaType: string | undefined;
  /** Called with the format before its reader opens. It throws to refuse the format. */
  onFormat?: ((format: TextFormat) => void) | undefined;
}

/**
 * Opens a text as records, in the stated format or in the one that `detectFormat` finds. It closes the text if it fails.
 * @throws AppError `csv_empty` if the text has no character besides blanks and line breaks
 * @throws AppError of the format's reader
 */
export async function openTextInput(
  text: AsyncGenerator<string, void>,
  options: OpenTextInputOptions,
): Promise<Input> {
  const { start, isAll, all } = await readStart(text);
  try {
    if (isAll && start.trim() === '')
      throw new AppError('csv_empty', 'The input is empty. Send at least one log line.');
    const hints: FormatHints = options;
    const format = options.format ?? detectFormat(start.slice(0, START_CHARS), hints);
    options.onFormat?.(format);
    return await readers[format](all, options);
  } catch (error) {
    // A generator that has not started does not close its source.
    await all.return();
    await text.return();
    throw error;
  }
}

/**
 * Reads the start of a text, up to a flush mark behind a complete line. `all` yields the complete text; `isAll` says whether
 * the start is all of it.
 */
async function readStart(
  text: AsyncGenerator<string, void>,
): Promise<{ start: string; isAll: boolean; all: AsyncGenerator<string, void> }> {
  let start = '';
  while (start.length < START_CHARS) {
    const piece = await text.next();
    if (piece.done === true) return { start, isAll: true, all: withStart([start], text) };
    start += piece.value;
    // One line tells the format, unless it is blank. The mark goes on to the reader.
    if (piece.value === '' && /\S[^\n]*\n/.test(start))
      return { start, isAll: false, all: withStart([start, piece.value], text) };
  }
  return { start, isAll: false, all: withStart([start], text) };
}

async function* withStart(
  start: readonly string[],
  text: AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  try {
    yield* start;
    yield* text;
  } finally {
    await text.return();
  }
}
