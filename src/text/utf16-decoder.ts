import { type Decoder, undecodable } from './decoder.js';
import { nulFound } from './refuse-binary.js';

/** A surrogate without its partner; with the `u` flag a proper pair is one character and does not match. */
const loneSurrogate = /\p{Surrogate}/u;

/** UTF-16 in either byte order, strict: a lone surrogate or half a unit at the end is an error. */
export class Utf16Decoder implements Decoder {
  readonly encoding: 'utf-16le' | 'utf-16be';
  /** What a chunk left over: half a unit, or the first half of a pair, or both; at most three bytes. */
  #tail: Buffer = Buffer.alloc(0);
  #offset: number;

  /** @param offset of the first byte that will be written, from the start of the file (after a BOM: 2) */
  constructor(encoding: 'utf-16le' | 'utf-16be', offset: number) {
    this.encoding = encoding;
    this.#offset = offset;
  }

  write(bytes: Buffer): string {
    const joined = Buffer.concat([this.#tail, bytes]);
    const even = joined.length - (joined.length % 2);
    const whole = even > 0 && this.#isHighSurrogate(joined, even - 2) ? even - 2 : even;
    this.#tail = joined.subarray(whole);
    return this.#decode(joined.subarray(0, whole));
  }

  end(): string {
    const rest = this.#tail;
    if (rest.length === 0) return '';
    this.#tail = Buffer.alloc(0);
    const why =
      rest.length === 1 ? 'is half a character at the end of the file' : 'is half of a surrogate pair';
    throw undecodable(this.encoding.toUpperCase(), this.#offset, why);
  }

  #decode(bytes: Buffer): string {
    // Swapping in place is safe, since `write` has copied the caller's bytes.
    const text = (this.encoding === 'utf-16be' ? bytes.swap16() : bytes).toString('utf16le');
    const bad = text.search(loneSurrogate);
    if (bad !== -1) {
      throw undecodable(this.encoding.toUpperCase(), this.#offset + 2 * bad, 'is half of a surrogate pair');
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
