import { isUtf8 } from 'node:buffer';
import { BadBytes, type Decoder } from './decoder.js';

/** U+FFFD as it stands in valid UTF-8. */
const replacement = Buffer.from('\uFFFD');

/** Decodes UTF-8. Chunks are checked with native code; only a chunk that fails is searched for its first invalid byte. */
export class Utf8Decoder implements Decoder {
  readonly encoding = 'utf-8';
  readonly #bad: BadBytes;
  /** The first bytes of an incomplete character, at most three. */
  #tail: Buffer = Buffer.alloc(0);
  #offset: number;

  /**
   * @param options.offset the offset of the first byte to be written, from the start of the file (3 after a BOM)
   * @param options.bad what becomes of invalid bytes; by default the first one is an error
   */
  constructor({ offset, bad = new BadBytes() }: { offset: number; bad?: BadBytes }) {
    this.#offset = offset;
    this.#bad = bad;
  }

  write(bytes: Buffer): string {
    const joined = this.#tail.length > 0 ? Buffer.concat([this.#tail, bytes]) : bytes;
    const complete = joined.length - incompleteTail(joined);
    // Copied, because the caller may reuse its buffer.
    this.#tail = Buffer.from(joined.subarray(complete));
    return this.#decode(joined.subarray(0, complete));
  }

  end(): string {
    const rest = this.#tail;
    this.#tail = Buffer.alloc(0);
    return this.#decode(rest);
  }

  #decode(bytes: Buffer): string {
    const text = bytes.toString('utf8');
    if (!isUtf8(bytes)) {
      const invalid = firstInvalid(bytes);
      this.#bad.met({
        encoding: 'UTF-8',
        offset: this.#offset + invalid,
        before: bytes.toString('utf8', 0, invalid),
        count: text.split('\uFFFD').length - 1 - replacementsIn(bytes),
      });
    }
    this.#bad.passed(text);
    this.#offset += bytes.length;
    return text;
  }
}

/** Counts the U+FFFD that are in the file itself. */
function replacementsIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(replacement); at !== -1; at = bytes.indexOf(replacement, at + 3)) count += 1;
  return count;
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

/** Returns the length of the sequence that begins with this byte; 0 if none does (Unicode 16, table 3-7). */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}
