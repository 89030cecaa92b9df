import { loopTurn } from '../../async/loop-turns.js';
import type { LogRecord } from '../../log-record.js';
import { Utf8Decoder } from '../../text/utf8-decoder.js';
import { AppError } from '../../errors.js';
import { JsonLogReader } from './json-log-reader.js';
import { JsonScanner } from './json-scanner.js';

/** So many bytes are read in one go, in one or two milliseconds. */
const SLICE_BYTES = 64 * 1024;

/** A slice counts as so many bytes at least: a body may come byte by byte. */
const LEAST_BYTES = 512;

/**
 * Reads a JSON body's logs, slice by slice as the bytes come. The body is never in memory whole, and a full
 * slice has a turn of the event loop to itself.
 * @throws AppError `json_invalid` or `cell_too_large` with the place, or what the bytes throw.
 */
export async function readJsonLogs(
  bytes: AsyncIterable<Uint8Array>,
  maxCellChars: number,
): Promise<LogRecord[]> {
  const reader = new JsonLogReader(maxCellChars);
  const scanner = new JsonScanner(reader);
  const decoder = new Utf8Decoder({ offset: 0, orWindows1252: false });
  for await (const chunk of bytes) {
    for (const slice of inSlices(chunk)) {
      await loopTurn(Math.max(slice.length, LEAST_BYTES) / SLICE_BYTES);
      scanner.write(asJson(() => decoder.write(slice)));
    }
  }
  scanner.write(asJson(() => decoder.end()));
  scanner.end();
  return reader.finish();
}

function* inSlices(chunk: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
    yield Buffer.from(chunk.buffer, chunk.byteOffset + at, Math.min(SLICE_BYTES, chunk.length - at));
  }
}

/** The decoded text. The decoder's errors speak of files; here they become errors of the JSON. */
function asJson(decode: () => string): string {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const where = `Byte ${error.place.offset ?? 0} (counted from 0) does not belong there.`;
    const detail = `The body is not UTF-8 text, as JSON must be. ${where}`;
    throw new AppError('json_invalid', detail, error.place, { cause: error });
  }
}
