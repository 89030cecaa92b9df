import { TextDecoder } from 'node:util';
import { type BadBytes, type Decoder } from './decoder.js';

/** How many bytes before a chunk are kept, to find the start of a character that continues in it. */
const maxContext = 4096;

/**
 * Decodes any encoding that Node supports, by its name in the WHATWG Encoding Standard (`windows-1252`, `shift_jis`).
 *
 * The native decoder does not report which byte is invalid. It puts U+FFFD in its place, which none of these encodings
 * has, and the bytes are searched only then.
 */
export class WhatwgDecoder implements Decoder {
  readonly encoding: string;
  readonly #decoder: TextDecoder;
  readonly #bad: BadBytes;
  /** The bytes before the next chunk, from a place where a character surely begins. */
  #context: Buffer = Buffer.alloc(0);
  #offset: number;

  /**
   * @param label a label that Node supports, see `encodingOf`
   * @param offset the offset of the first byte to be written, from the start of the file
   * @throws RangeError for another label
   */
  constructor(label: string, offset: number, bad: BadBytes) {
    this.#decoder = new TextDecoder(label, { ignoreBOM: true });
    this.encoding = this.#decoder.encoding;
    this.#offset = offset;
    this.#bad = bad;
  }

  write(bytes: Buffer): string {
    // Without `stream`, Node 20.20 takes a fast path that decodes 0x80-0x9F of windows-1252 as C1 control characters.
    const text = this.#checked(this.#decoder.decode(bytes, { stream: true }), bytes);
    this.#offset += bytes.length;
    this.#context = contextOf(this.#context, bytes);
    return text;
  }

  end(): string {
    return this.#checked(this.#decoder.decode(), Buffer.alloc(0));
  }

  #checked(text: string, bytes: Buffer): string {
    const at = text.indexOf('\uFFFD');
    if (at !== -1) {
      this.#bad.met({
        encoding: this.encoding,
        offset: this.#bad.onError === 'skip' ? this.#offset : this.#findInvalid(bytes),
        before: text.slice(0, at),
        count: text.split('\uFFFD').length - 1,
      });
    }
    this.#bad.passed(text);
    return text;
  }

  /** Returns the offset of the first invalid byte in context and chunk. */
  #findInvalid(bytes: Buffer): number {
    const joined = Buffer.concat([this.#context, bytes]);
    const start = this.#offset - this.#context.length;
    // Valid stretches are passed as a whole; the native decoder is slow to start.
    const valid = (from: number, to: number): boolean =>
      !new TextDecoder(this.encoding).decode(joined.subarray(from, to), { stream: true }).includes('\uFFFD');
    let from = 0;
    let to = joined.length;
    // The longest beginning that shows no invalid byte, by halves.
    while (to - from > 1) {
      const middle = from + Math.ceil((to - from) / 2);
      if (valid(0, middle)) from = middle;
      else to = middle;
    }
    if (valid(0, joined.length)) return start + this.#startOfLast(joined, joined.length);
    return start + this.#startOfLast(joined, to);
  }

  /** Returns where the character that ends, or is cut off, at `end` begins: at most three bytes before. */
  #startOfLast(bytes: Buffer, end: number): number {
    const lengthOf = (to: number): number => {
      const decoder = new TextDecoder(this.encoding);
      return decoder.decode(bytes.subarray(0, to), { stream: true }).replaceAll('\uFFFD', '').length;
    };
    const least = Math.max(0, end - 4);
    let start = Math.max(0, end - 1);
    while (start > least && lengthOf(start - 1) === lengthOf(start)) start -= 1;
    return start;
  }
}

/** In no encoding but ISO-2022-JP is a byte below 0x30 a part of a longer character, so one begins after it. */
function contextOf(before: Buffer, bytes: Buffer): Buffer {
  let at = bytes.length;
  while (at > 0 && bytes.length - at < maxContext && (bytes[at - 1] ?? 0) >= 0x30) at -= 1;
  if (at > 0) return Buffer.from(bytes.subarray(at));
  return Buffer.concat([before, bytes]).subarray(-maxContext);
}
