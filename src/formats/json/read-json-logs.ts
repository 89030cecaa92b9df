import { TEXT_PER_TURN, turnToParse } from '../../async/loop-turns.js';
import type { LogRecord } from '../../log-record.js';
import { Utf8Decoder } from '../../text/utf8-decoder.js';
import { AppError } from '../../errors.js';
import { JsonLogReader } from './json-log-reader.js';
import { JsonScanner } from './json-scanner.js';

/**
 * Parses the logs of a JSON body while the bytes arrive. The complete body is never in memory. The event loop turns between
 * slices of TEXT_PER_TURN bytes.
 * @throws AppError `json_invalid` or `cell_too_large`, with line and byte offset or the path of the field
 * @throws the error of `bytes`
 */
export async function readJsonLogs(
  bytes: AsyncIterable<Uint8Array>,
  maxCellChars: number,
): Promise<LogRecord[]> {
  const reader = new JsonLogReader(maxCellChars);
  const scanner = new JsonScanner(reader);
  const decoder = new Utf8Decoder({ offset: 0 });
  for await (const chunk of bytes) {
    for (const slice of inSlices(chunk)) {
      await turnToParse(slice.length);
      scanner.write(asJson(() => decoder.write(slice)));
    }
  }
  scanner.write(asJson(() => decoder.end()));
  scanner.end();
  return reader.finish();
}

function* inSlices(chunk: Uint8Array): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += TEXT_PER_TURN) {
    yield Buffer.from(chunk.buffer, chunk.byteOffset + at, Math.min(TEXT_PER_TURN, chunk.length - at));
  }
}

/** Replaces the decoder's errors, which are about files, by an error about the JSON body. */
function asJson(decode: () => string): string {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const detail = `JSON must be UTF-8, but byte ${error.place.offset ?? 0} (counted from 0) of the body is not valid.`;
    throw new AppError('json_invalid', detail, error.place, { cause: error });
  }
}
