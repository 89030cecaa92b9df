import { AppError } from '../errors.js';
import { nulFound } from './refuse-binary.js';

/**
 * Turns the bytes of one file into text, chunk by chunk. Chunks may end anywhere, within a character too.
 * Both methods throw AppError `encoding` with the offset of the first byte that cannot be decoded, and
 * `not_csv` for a NUL.
 */
export interface Decoder {
  /** The name of the encoding in use. */
  readonly encoding: string;
  /** The text of these bytes as far as its characters are complete. */
  write(bytes: Buffer): string;
  /** The text of what was left over; to be called once, after the last bytes. */
  end(): string;
}

/**
 * @param encoding what the bytes were taken for
 * @param offset of the first byte that does not fit, from the start of the file
 */
export function undecodable(encoding: string, offset: number, why = 'is not valid there'): AppError {
  const detail = `The file is read as ${encoding}, but byte ${offset} (counted from 0) ${why}. `;
  return new AppError('encoding', `${detail}Save the file as UTF-8 and upload that.`, { offset });
}

/** @throws AppError `not_csv` if there is a NUL byte; for encodings in which NUL is never part of a character */
export function refuseNul(bytes: Buffer, offset: number): void {
  const at = bytes.indexOf(0);
  if (at !== -1) throw nulFound(offset + at);
}
