import { AppError } from '../errors.js';

/**
 * Decodes the bytes of one file to text, chunk by chunk. A chunk may end anywhere, even inside a character. NUL bytes
 * become NUL characters.
 *
 * Both methods treat bytes that are not valid as the file's `BadBytes` say: they throw AppError `encoding` with offset
 * and line, or put U+FFFD in their place.
 */
export interface Decoder {
  /** The name of the encoding in use. */
  readonly encoding: string;
  /** Returns the text of all complete characters. Keeps the bytes of an incomplete one for the next call. */
  write(bytes: Buffer): string;
  /** Returns the text of bytes that wait for more, as far as it can be told. Missing if only half a character ever waits. */
  flush?(): string;
  /** Returns the text of the remaining bytes. Call it once, after the last `write`. */
  end(): string;
}

/** `fail` refuses the file at the first byte that cannot be decoded. `skip` puts U+FFFD in the place of such bytes. */
export type OnError = 'fail' | 'skip';

/** Where bytes were found that are not valid in their encoding. */
export interface BadBytesAt {
  /** The encoding, as the user should read it. */
  encoding: string;
  /** The offset of the first invalid byte, from the start of the file. */
  offset: number;
  /** The text between the last `passed` and the invalid byte. */
  before: string;
  /** How many U+FFFD stand for the invalid bytes of this piece; 1 by default. */
  count?: number;
  /** The predicate of the sentence about the byte. */
  why?: string;
}

/** What becomes of the invalid bytes of one file, and how many there were. */
export class BadBytes {
  #replaced = 0;
  #lineFeeds = 0;

  /** @param onError what `met` does */
  constructor(readonly onError: OnError = 'fail') {}

  /** How many invalid sequences of bytes became U+FFFD so far. */
  get replaced(): number {
    return this.#replaced;
  }

  /** Counts the lines of a text that was decoded. Decoders call it for all of their text, in order. */
  passed(text: string): void {
    this.#lineFeeds += lineFeedsOf(text);
  }

  /**
   * Counts invalid bytes, or refuses them.
   * @throws AppError `encoding` with offset and line, unless `onError` is `skip`
   */
  met({ encoding, offset, before, count = 1, why = `is not valid ${encoding}` }: BadBytesAt): void {
    if (this.onError === 'skip') {
      this.#replaced += count;
      return;
    }
    const line = this.#lineFeeds + lineFeedsOf(before) + 1;
    const detail =
      `The file is read as ${encoding}, but byte ${offset} (counted from 0, in line ${line}) ${why}. ` +
      'If the file has another encoding, name it with encoding=, or save the file as UTF-8. ' +
      'on_error=skip replaces such bytes with U+FFFD.';
    throw new AppError('encoding', detail, { offset, line });
  }
}

function lineFeedsOf(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
