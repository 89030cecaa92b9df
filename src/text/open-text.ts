import { type Decoder } from './decoder.js';
import { WhatwgDecoder } from './whatwg-decoder.js';
import { peek } from './peek.js';
import { refuseBinary } from './refuse-binary.js';
import { Utf16Decoder } from './utf16-decoder.js';
import { Utf8Decoder } from './utf8-decoder.js';

/** The text of a file, and what was learned about its encoding. */
export interface OpenedText {
  /**
   * `utf-8`, `utf-16le`, `utf-16be`, `windows-1252` or the WHATWG name of the charset that was asked for.
   * A file of unknown encoding counts as `utf-8` until a byte shows otherwise, so this is final when `text` ends.
   */
  readonly encoding: string;
  /** Whether the file began with a byte order mark; it is not part of `text`. */
  readonly bom: boolean;
  /** The text, in pieces as the bytes come. Ending it early ends the source of bytes too. */
  readonly text: AsyncGenerator<string, void>;
}

/** Enough to see an Excel workbook's entry names. */
const peekBytes = 4096;

const byteOrderMarks = [
  { encoding: 'utf-8', mark: Buffer.from([0xef, 0xbb, 0xbf]) },
  { encoding: 'utf-16le', mark: Buffer.from([0xff, 0xfe]) },
  { encoding: 'utf-16be', mark: Buffer.from([0xfe, 0xff]) },
] as const;

/**
 * Opens a file's bytes as text. Its encoding is, first come first served: what its byte order mark says,
 * the client's `charset`, UTF-16 if the first bytes show it, UTF-8 if it is, Windows-1252.
 *
 * This and `text` throw AppError: `not_csv` for binary data and NUL characters; `encoding` for a charset that
 * is not known and for bytes that cannot be decoded, with their offset. What has been read is not put back.
 * @example const { text, bom } = await openText(file, { charset: 'utf-8' });
 */
export async function openText(
  bytes: AsyncIterable<Uint8Array>,
  { charset }: { charset?: string | undefined } = {},
): Promise<OpenedText> {
  const { first, rest } = await peek(bytes, peekBytes);
  try {
    refuseBinary(first);
    const known = byteOrderMarks.find(({ mark }) => first.subarray(0, mark.length).equals(mark));
    const decoder = known ? decoderOf(known.encoding, known.mark.length) : decoderWithoutMark(first, charset);
    return {
      get encoding() {
        return decoder.encoding;
      },
      bom: known !== undefined,
      text: decodeAll(first.subarray(known?.mark.length ?? 0), rest, decoder),
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
    // `for await` ends the source only once it has begun.
    await rest.return();
  }
}

function nonEmpty(text: string): string[] {
  return text === '' ? [] : [text];
}

function decoderWithoutMark(first: Buffer, charset: string | undefined): Decoder {
  if (charset !== undefined && charset.trim() !== '') return decoderOf(charset, 0);
  const utf16 = recogniseUtf16(first);
  return utf16 ? new Utf16Decoder(utf16, 0) : new Utf8Decoder({ offset: 0, orWindows1252: true });
}

function decoderOf(charset: string, offset: number): Decoder {
  const labelled = new WhatwgDecoder(charset.trim(), offset);
  if (labelled.encoding === 'utf-8') return new Utf8Decoder({ offset, orWindows1252: false });
  if (labelled.encoding === 'utf-16le' || labelled.encoding === 'utf-16be') {
    return new Utf16Decoder(labelled.encoding, offset);
  }
  return labelled;
}

/** UTF-16 without a mark, if the file begins with eight characters below U+0100: each second byte is NUL. */
function recogniseUtf16(first: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const start = [...first.subarray(0, 16)];
  if (start.length < 4) return undefined;
  if (start.every((byte, i) => (byte === 0) === (i % 2 === 1))) return 'utf-16le';
  return start.every((byte, i) => (byte === 0) === (i % 2 === 0)) ? 'utf-16be' : undefined;
}
