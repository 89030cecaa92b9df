import { isAscii, isUtf8 } from 'node:buffer';
import { type Decoder, refuseNul, undecodable } from './decoder.js';
import { WhatwgDecoder } from './whatwg-decoder.js';

/**
 * UTF-8, checked natively a chunk at a time; the exact place of a bad byte is searched only once a chunk
 * has failed. `orWindows1252` is for files whose encoding nobody told: until the first valid multi-byte
 * sequence, a bad byte shows that the file is not UTF-8, and the rest is Windows-1252 (what came before was
 * ASCII, the same in both). After one, a bad byte is damage.
 */
export class Utf8Decoder implements Decoder {
  #fallback: WhatwgDecoder | undefined;
  /** The start of a character whose end is yet to come, at most three bytes. */
  #tail: Buffer = Buffer.alloc(0);
  #offset: number;
  #isSurelyUtf8: boolean;

  /** @param offset of the first byte that will be written, from the start of the file (after a BOM: 3) */
  constructor(options: { offset: number; orWindows1252: boolean }) {
    this.#offset = options.offset;
    this.#isSurelyUtf8 = !options.orWindows1252;
  }

  get encoding(): string {
    return this.#fallback?.encoding ?? 'utf-8';
  }

  write(bytes: Buffer): string {
    if (this.#fallback) return this.#fallback.write(bytes);
    refuseNul(bytes, this.#offset + this.#tail.length);
    const joined = this.#tail.length > 0 ? Buffer.concat([this.#tail, bytes]) : bytes;
    const whole = joined.length - incompleteTail(joined);
    // A copy: the caller may use its buffer again.
    this.#tail = Buffer.from(joined.subarray(whole));
    return this.#decode(joined.subarray(0, whole));
  }

  end(): string {
    const rest = this.#tail;
    this.#tail = Buffer.alloc(0);
    const text = this.#fallback ? '' : this.#decode(rest);
    return text + (this.#fallback?.end() ?? '');
  }

  #decode(bytes: Buffer): string {
    if (!isUtf8(bytes)) return this.#decodeBad(bytes);
    this.#isSurelyUtf8 ||= !isAscii(bytes);
    this.#offset += bytes.length;
    return bytes.toString('utf8');
  }

  #decodeBad(bytes: Buffer): string {
    const bad = firstInvalid(bytes);
    if (this.#isSurelyUtf8 || !isAscii(bytes.subarray(0, bad)))
      throw undecodable('UTF-8', this.#offset + bad);
    this.#fallback = new WhatwgDecoder('windows-1252', this.#offset);
    const rest = Buffer.concat([bytes, this.#tail]);
    this.#tail = Buffer.alloc(0);
    return this.#fallback.write(rest);
  }
}

/** How many bytes at the end are a character that lacks its end: 0 to 3. */
function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

/** The index of the first byte that starts no valid sequence; the length if there is none. */
function firstInvalid(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] ?? 0);
    if (length === 0 || at + length > bytes.length || !isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
}

/** The bytes in the sequence that this byte leads, 0 if it leads none (Unicode 16, table 3-7). */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}
