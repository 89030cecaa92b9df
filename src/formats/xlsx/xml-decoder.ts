import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { malformedWorkbook } from './errors.js';

/** Decodes an XML file in pieces. */
export interface XmlDecoder {
  /** @throws AppError `xlsx_malformed` for bytes that are not text */
  write(piece: Uint8Array): string;
  /** @throws AppError `xlsx_malformed` if the last character is cut off */
  end(): string;
}

/** Creates the decoder for a file that begins with these bytes. XML without a mark is UTF-8. */
export function createXmlDecoder([first, second]: Uint8Array): XmlDecoder {
  if (first === 0xff && second === 0xfe) return new Utf16Decoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new Utf16Decoder('utf-16be');
  return new Utf8Decoder();
}

/** The parser is much slower with the strings of a TextDecoder than with those of a Buffer, which take a byte a character. */
class Utf8Decoder implements XmlDecoder {
  /** The first bytes of a character that the next piece completes. */
  #rest = Buffer.alloc(0);
  #isStart = true;

  write(piece: Uint8Array): string {
    const bytes =
      this.#rest.length === 0
        ? Buffer.from(piece.buffer, piece.byteOffset, piece.length)
        : Buffer.concat([this.#rest, piece]);
    const end = completeEnd(bytes);
    this.#rest = Buffer.from(bytes.subarray(end));
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) throw undecodable();
    const text = whole.toString('utf8');
    if (!this.#isStart || text === '') return text;
    this.#isStart = false;
    return text.replace(/^\uFEFF/, '');
  }

  end(): string {
    if (this.#rest.length > 0) throw undecodable();
    return '';
  }
}

class Utf16Decoder implements XmlDecoder {
  readonly #decoder: TextDecoder;

  constructor(encoding: 'utf-16le' | 'utf-16be') {
    this.#decoder = new TextDecoder(encoding, { fatal: true });
  }

  write(piece: Uint8Array): string {
    return this.#decode(() => this.#decoder.decode(piece, { stream: true }));
  }

  end(): string {
    return this.#decode(() => this.#decoder.decode());
  }

  #decode(decode: () => string): string {
    try {
      return decode();
    } catch (error) {
      throw undecodable(error);
    }
  }
}

/** Returns where the last complete character ends. */
function completeEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

function undecodable(cause?: unknown): Error {
  return malformedWorkbook('The workbook is damaged: a file in it cannot be decoded.', undefined, cause);
}
