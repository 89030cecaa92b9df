import { type Decoder, undecodable } from './decoder.js';
import { nulFound } from './refuse-binary.js';

/** A lone surrogate. With the flag `u`, a surrogate pair is one character and does not match. */
const loneSurrogate = /\p{Surrogate}/u;

/** Decodes UTF-16 in either byte order, strictly: a lone surrogate or an odd byte at the end is an error. */
export class Utf16Decoder implements Decoder {
  readonly encoding: 'utf-16le' | 'utf-16be';
  /** The incomplete end of the last chunk: an odd byte, the first half of a pair, or both. At most three bytes. */
  #tail: Buffer = Buffer.alloc(0);
  #offset: number;

  /** @param offset the offset of the first byte to be written, from the start of the file (2 after a BOM) */
  constructor(encoding: 'utf-16le' | 'utf-16be', offset: number) {
    this.encoding = encoding;
    this.#offset = offset;
  }

  write(bytes: Buffer): string {
    const joined = Buffer.concat([this.#tail, bytes]);
    const even = joined.length - (joined.length % 2);
    const complete = even > 0 && this.#isHighSurrogate(joined, even - 2) ? even - 2 : even;
    this.#tail = joined.subarray(complete);
    return this.#decode(joined.subarray(0, complete));
  }

  end(): string {
    const rest = this.#tail;
    if (rest.length === 0) return '';
    this.#tail = Buffer.alloc(0);
    const why =
      rest.length === 1
        ? 'starts a character that is cut off by the end of the file'
        : 'starts an incomplete surrogate pair';
    throw undecodable(this.encoding.toUpperCase(), this.#offset, why);
  }

  #decode(bytes: Buffer): string {
    // It is safe to swap in place: `write` has copied the caller's bytes.
    const text = (this.encoding === 'utf-16be' ? bytes.swap16() : bytes).toString('utf16le');
    const bad = text.search(loneSurrogate);
    if (bad !== -1) {
      throw undecodable(
        this.encoding.toUpperCase(),
        this.#offset + 2 * bad,
        'starts an incomplete surrogate pair',
      );
    }
    const nul = text.indexOf('\0');
    if (nul !== -1) throw nulFound(this.#offset + 2 * nul);
    this.#offset += bytes.length;
    return text;
  }

  #isHighSurrogate(bytes: Buffer, at: number): boolean {
    const unit = this.encoding === 'utf-16be' ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
    return unit >= 0xd800 && unit <= 0xdbff;
  }
}
