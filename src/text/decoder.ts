import { AppError } from '../errors.js';
import { nulFound } from './refuse-binary.js';

/**
 * Decodes the bytes of one file to text, chunk by chunk. A chunk may end anywhere, even inside a character.
 *
 * Both methods throw AppError `encoding` with the offset of the first byte that cannot be decoded, and `not_csv` for a
 * NUL character.
 */
export interface Decoder {
  /** The name of the encoding in use. */
  readonly encoding: string;
  /** Returns the text of all complete characters. Keeps the bytes of an incomplete one for the next call. */
  write(bytes: Buffer): string;
  /** Returns the text of the remaining bytes. Call it once, after the last `write`. */
  end(): string;
}

/**
 * Returns the error for a byte that is not valid in its encoding.
 * @param encoding the encoding in which the file is read
 * @param offset the offset of the byte, from the start of the file
 * @param why the predicate of the sentence about the byte
 */
export function undecodable(encoding: string, offset: number, why = `is not valid ${encoding}`): AppError {
  const detail = `The file is read as ${encoding}, but byte ${offset} (counted from 0) ${why}. `;
  return new AppError('encoding', `${detail}Save the file as UTF-8 and upload that.`, { offset });
}

/**
 * Refuses NUL bytes. Only for encodings in which 0 is never part of another character.
 * @param offset the offset of the first byte, from the start of the file
 * @throws AppError `not_csv` with the offset of the first NUL byte
 */
export function refuseNul(bytes: Buffer, offset: number): void {
  const at = bytes.indexOf(0);
  if (at !== -1) throw nulFound(offset + at);
}
