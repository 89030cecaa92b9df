import { type Decoder } from './decoder.js';
import { WhatwgDecoder } from './whatwg-decoder.js';
import { peek } from './peek.js';
import { refuseBinary } from './refuse-binary.js';
import { Utf16Decoder } from './utf16-decoder.js';
import { Utf8Decoder } from './utf8-decoder.js';

/** The text of a file and its encoding. */
export interface OpenedText {
  /**
   * `utf-8`, `utf-16le`, `utf-16be`, `windows-1252` or the WHATWG name of the requested charset.
   *
   * If neither a byte order mark nor the client names the encoding, it may change from `utf-8` to `windows-1252` while
   * `text` is read.
   */
  readonly encoding: string;
  /** Whether the file began with a byte order mark. The mark is not part of `text`. */
  readonly bom: boolean;
  /** The text, in pieces as the bytes arrive. Returning early closes the source of the bytes. */
  readonly text: AsyncGenerator<string, void>;
}

/** Enough bytes for the names of the first entries of an Excel workbook. */
const peekBytes = 4096;

const byteOrderMarks = [
  { encoding: 'utf-8', mark: Buffer.from([0xef, 0xbb, 0xbf]) },
  { encoding: 'utf-16le', mark: Buffer.from([0xff, 0xfe]) },
  { encoding: 'utf-16be', mark: Buffer.from([0xfe, 0xff]) },
] as const;

/**
 * Opens the bytes of a file as text. The first of these that applies is the encoding:
 * 1. the encoding of the byte order mark,
 * 2. the client's `charset`,
 * 3. UTF-16, if the first bytes look like it,
 * 4. UTF-8, if the bytes are valid,
 * 5. Windows-1252.
 *
 * @throws AppError `not_csv` for binary data and NUL characters; `text` throws it too
 * @throws AppError `encoding` for an unknown charset, and for bytes that cannot be decoded, with their offset; `text`
 *   throws it too
 * @example const { text, bom } = await openText(file, { charset: 'utf-8' });
 */
export async function openText(
  bytes: AsyncIterable<Uint8Array>,
  { charset }: { charset?: string | undefined } = {},
): Promise<OpenedText> {
  const { first, rest } = await peek(bytes, peekBytes);
  try {
    refuseBinary(first);
    const bom = byteOrderMarks.find(({ mark }) => first.subarray(0, mark.length).equals(mark));
    const decoder = bom
      ? createDecoder(bom.encoding, bom.mark.length)
      : createDecoderWithoutBom(first, charset);
    return {
      get encoding() {
        return decoder.encoding;
      },
      bom: bom !== undefined,
      text: decodeAll(first.subarray(bom?.mark.length ?? 0), rest, decoder),
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
): AsyncGenerator<string, void> {
  try {
    yield* nonEmpty(decoder.write(first));
    for await (const chunk of rest) yield* nonEmpty(decoder.write(chunk));
    yield* nonEmpty(decoder.end());
  } finally {
    // `for await` closes the source only after the loop has begun.
    await rest.return();
  }
}

function nonEmpty(text: string): string[] {
  return text === '' ? [] : [text];
}

function createDecoderWithoutBom(first: Buffer, charset: string | undefined): Decoder {
  if (charset !== undefined && charset.trim() !== '') return createDecoder(charset, 0);
  const utf16 = recogniseUtf16(first);
  return utf16 ? new Utf16Decoder(utf16, 0) : new Utf8Decoder({ offset: 0, windows1252Fallback: true });
}

function createDecoder(charset: string, offset: number): Decoder {
  const decoder = new WhatwgDecoder(charset.trim(), offset);
  if (decoder.encoding === 'utf-8') return new Utf8Decoder({ offset, windows1252Fallback: false });
  if (decoder.encoding === 'utf-16le' || decoder.encoding === 'utf-16be') {
    return new Utf16Decoder(decoder.encoding, offset);
  }
  return decoder;
}

/** Recognises UTF-16 without a mark if the first eight characters are below U+0100: every second byte is 0. */
function recogniseUtf16(first: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const start = [...first.subarray(0, 16)];
  if (start.length < 4) return undefined;
  if (start.every((byte, i) => (byte === 0) === (i % 2 === 1))) return 'utf-16le';
  return start.every((byte, i) => (byte === 0) === (i % 2 === 0)) ? 'utf-16be' : undefined;
}
