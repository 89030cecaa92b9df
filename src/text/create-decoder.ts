import { type BadBytes, type Decoder } from './decoder.js';
import { DosDecoder, isDosEncoding } from './dos-decoder.js';
import { Utf16Decoder } from './utf16-decoder.js';
import { Utf8Decoder } from './utf8-decoder.js';
import { WhatwgDecoder } from './whatwg-decoder.js';

/**
 * Returns the decoder of an encoding.
 * @param encoding a name as `encodingOf` gives it
 * @param offset the offset of the first byte to be written, from the start of the file
 */
export function createDecoder(encoding: string, offset: number, bad: BadBytes): Decoder {
  if (encoding === 'utf-8') return new Utf8Decoder({ offset, bad });
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return new Utf16Decoder(encoding, offset, bad);
  return isDosEncoding(encoding) ? new DosDecoder(encoding, bad) : new WhatwgDecoder(encoding, offset, bad);
}
