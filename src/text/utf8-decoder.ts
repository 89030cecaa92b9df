import { isAscii, isUtf8 } from 'node:buffer';
import { type Decoder, refuseNul, undecodable } from './decoder.js';
import { WhatwgDecoder } from './whatwg-decoder.js';

/**
 * Decodes UTF-8. Native code checks each chunk. The first invalid byte is searched only in a chunk that fails the check.
 *
 * `windows1252Fallback` is for files whose encoding is not declared. If an invalid byte comes before the first
 * multi-byte character, the file is not UTF-8, and the bytes from there on are decoded as Windows-1252. The text before
 * the invalid byte is ASCII, which is the same in both encodings. An invalid byte after a multi-byte character is an error.
 */
export class Utf8Decoder implements Decoder {
  #fallback: WhatwgDecoder | undefined;
  /** The first bytes of an incomplete character, at most three. */
  #tail: Buffer = Buffer.alloc(0);
  #offset: number;
  #isSurelyUtf8: boolean;

  /**
   * @param options.offset the offset of the first byte to be written, from the start of the file (3 after a BOM)
   * @param options.windows1252Fallback whether to decode as Windows-1252 if the file is not UTF-8
   */
  constructor(options: { offset: number; windows1252Fallback: boolean }) {
    this.#offset = options.offset;
    this.#isSurelyUtf8 = !options.windows1252Fallback;
  }

  get encoding(): string {
    return this.#fallback?.encoding ?? 'utf-8';
  }

  write(bytes: Buffer): string {
    if (this.#fallback) return this.#fallback.write(bytes);
    refuseNul(bytes, this.#offset + this.#tail.length);
    const joined = this.#tail.length > 0 ? Buffer.concat([this.#tail, bytes]) : bytes;
    const complete = joined.length - incompleteTail(joined);
    // Copy the tail, because the caller may reuse its buffer.
    this.#tail = Buffer.from(joined.subarray(complete));
    return this.#decode(joined.subarray(0, complete));
  }

  end(): string {
    const rest = this.#tail;
    this.#tail = Buffer.alloc(0);
    const text = this.#fallback ? '' : this.#decode(rest);
    return text + (this.#fallback?.end() ?? '');
  }

  #decode(bytes: Buffer): string {
    if (!isUtf8(bytes)) return this.#decodeInvalid(bytes);
    this.#isSurelyUtf8 ||= !isAscii(bytes);
    this.#offset += bytes.length;
    return bytes.toString('utf8');
  }

  /** Switches to Windows-1252 if allowed. @throws AppError `encoding` otherwise */
  #decodeInvalid(bytes: Buffer): string {
    const invalid = firstInvalid(bytes);
    if (this.#isSurelyUtf8 || !isAscii(bytes.subarray(0, invalid)))
      throw undecodable('UTF-8', this.#offset + invalid);
    this.#fallback = new WhatwgDecoder('windows-1252', this.#offset);
    const rest = Buffer.concat([bytes, this.#tail]);
    this.#tail = Buffer.alloc(0);
    return this.#fallback.write(rest);
  }
}

/** Returns the number of bytes at the end that belong to an incomplete character: 0 to 3. */
function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

/** Returns the index of the first byte that does not start a valid sequence; the length if there is none. */
function firstInvalid(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0);
    if (length === 0 || at + length > bytes.length || !isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
}

/** Returns the length of a sequence that begins with this byte, or 0 if no sequence can (Unicode 16, table 3-7). */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}
