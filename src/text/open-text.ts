import { createDecoder } from './create-decoder.js';
import { BadBytes, type Decoder, type OnError } from './decoder.js';
import { encodingOf } from './encoding-names.js';
import { GuessingDecoder } from './guessing-decoder.js';
import { isFlushMark } from './live-bytes.js';
import { peek } from './peek.js';
import { recogniseUtf16 } from './recognise-utf16.js';
import { BinaryWatch, refuseBinary } from './refuse-binary.js';

/** The text of a file and its encoding. */
export interface OpenedText {
  /**
   * The encoding: `utf-8`, or the name that `encodingOf` gives. If nobody names it, it is `utf-8` until a byte that is not
   * ASCII decides; it is final when `text` has ended.
   */
  readonly encoding: string;
  /** The encoding, if it was guessed and is not UTF-8. Final when `text` has ended. */
  readonly guessed: string | undefined;
  /** Whether the file began with a byte order mark. The mark is not part of `text`. */
  readonly bom: boolean;
  /** How many invalid sequences of bytes became U+FFFD. Final when `text` has ended. */
  readonly bytesReplaced: number;
  /**
   * The text, in pieces as the bytes arrive. An empty piece is a flush mark, see live-bytes.ts. Returning early closes the
   * source of the bytes.
   */
  readonly text: AsyncGenerator<string, void>;
}

/** What the client says about a file. */
export interface OpenTextOptions {
  /** The charset of the Content-Type. Blank is the same as none. */
  charset?: string | undefined;
  /** The encoding that the user names. It is stronger than the charset. Blank is the same as none. */
  encoding?: string | undefined;
  /** What becomes of invalid bytes; `fail` by default. */
  onError?: OnError | undefined;
}

/** Enough bytes for the names of the first entries of an Office file. */
const peekBytes = 4096;

const byteOrderMarks = [
  { encoding: 'utf-8', mark: Buffer.from([0xef, 0xbb, 0xbf]) },
  { encoding: 'utf-16le', mark: Buffer.from([0xff, 0xfe]) },
  { encoding: 'utf-16be', mark: Buffer.from([0xfe, 0xff]) },
] as const;

/**
 * Opens the bytes of a file as text. The first of these that applies is the encoding:
 * 1. the encoding of the byte order mark,
 * 2. the user's `encoding`,
 * 3. the client's `charset`,
 * 4. UTF-16, if the first bytes look like it,
 * 5. UTF-8, if most of the bytes that are not ASCII are valid UTF-8,
 * 6. a guess.
 *
 * @throws AppError `not_text` for binary data and for nothing but NUL bytes; `text` throws it too
 * @throws AppError `encoding` for an unknown encoding, for bytes that cannot be decoded, with offset and line, for bytes
 *   that suggest no encoding, and for a file of two encodings; `text` throws it too
 * @example const { text, bom } = await openText(file, { charset: 'utf-8' });
 */
export async function openText(
  bytes: AsyncIterable<Uint8Array>,
  { charset, encoding, onError }: OpenTextOptions = {},
): Promise<OpenedText> {
  const { first, rest } = await peek(bytes, peekBytes);
  try {
    refuseBinary(first);
    const bad = new BadBytes(onError);
    const bom = byteOrderMarks.find(({ mark }) => first.subarray(0, mark.length).equals(mark));
    // A wrong name is an error even where a mark makes it superfluous.
    const named = [encoding, charset].find((name) => name !== undefined && name.trim() !== '');
    const known = named === undefined ? recogniseUtf16(first) : encodingOf(named);
    const decided = bom?.encoding ?? known;
    const decoder =
      decided === undefined ? new GuessingDecoder(bad) : createDecoder(decided, bom?.mark.length ?? 0, bad);
    const watch = new BinaryWatch({ isUtf16: decoder.encoding.startsWith('utf-16') });
    return {
      get encoding() {
        return decoder.encoding;
      },
      get guessed() {
        return decoder instanceof GuessingDecoder ? decoder.guessed : undefined;
      },
      get bytesReplaced() {
        return bad.replaced;
      },
      bom: bom !== undefined,
      text: decodeAll(first.subarray(bom?.mark.length ?? 0), rest, decoder, watch),
    };
  } catch (error) {
    await rest.return();
    throw error;
  }
}

async function* decodeAll(
  first: Buffer,
  rest: AsyncGenerator<Buffer, void>,
  decoder: Decoder,
  watch: BinaryWatch,
): AsyncGenerator<string, void> {
  const decode = (bytes: Buffer): string[] => {
    watch.see(bytes);
    return nonEmpty(decoder.write(bytes));
  };
  try {
    yield* decode(first);
    for await (const chunk of rest) {
      if (isFlushMark(chunk)) yield* [...nonEmpty(decoder.flush?.() ?? ''), ''];
      else yield* decode(chunk);
    }
    watch.end();
    yield* nonEmpty(decoder.end());
  } finally {
    // `for await` closes the source only after the loop has begun.
    await rest.return();
  }
}

function nonEmpty(text: string): string[] {
  return text === '' ? [] : [text];
}
