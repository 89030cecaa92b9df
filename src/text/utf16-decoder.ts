import { type BadBytes, type Decoder } from './decoder.js';

/** A lone surrogate. With the flag `u`, a surrogate pair is one character and does not match. */
const loneSurrogate = /\p{Surrogate}/gu;

/** Decodes UTF-16 in either byte order. A lone surrogate and an odd byte at the end are invalid. */
export class Utf16Decoder implements Decoder {
  readonly encoding: 'utf-16le' | 'utf-16be';
  readonly #bad: BadBytes;
  /** The incomplete end of the last chunk: an odd byte, the first half of a pair, or both. At most three bytes. */
  #tail: Buffer = Buffer.alloc(0);
  #offset: number;

  /** @param offset the offset of the first byte to be written, from the start of the file (2 after a BOM) */
  constructor(encoding: 'utf-16le' | 'utf-16be', offset: number, bad: BadBytes) {
    this.encoding = encoding;
    this.#offset = offset;
    this.#bad = bad;
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
    // Three bytes are half a pair and an odd byte.
    const count = rest.length === 3 ? 2 : 1;
    this.#bad.met({ encoding: this.encoding.toUpperCase(), offset: this.#offset, before: '', count, why });
    return '\uFFFD'.repeat(count);
  }

  #decode(bytes: Buffer): string {
    // It is safe to swap in place: `write` has copied the caller's bytes.
    const text = (this.encoding === 'utf-16be' ? bytes.swap16() : bytes).toString('utf16le');
    const valid = text.isWellFormed() ? text : this.#mend(text);
    this.#bad.passed(valid);
    this.#offset += bytes.length;
    return valid;
  }

  #mend(text: string): string {
    const first = text.search(loneSurrogate);
    this.#bad.met({
      encoding: this.encoding.toUpperCase(),
      offset: this.#offset + 2 * first,
      before: text.slice(0, first),
      count: text.match(loneSurrogate)?.length ?? 0,
      why: 'starts an incomplete surrogate pair',
    });
    return text.toWellFormed();
  }

  #isHighSurrogate(bytes: Buffer, at: number): boolean {
    const unit = this.encoding === 'utf-16be' ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at);
    return unit >= 0xd800 && unit <= 0xdbff;
  }
}
