import { TextDecoder } from 'node:util';
import { AppError } from '../errors.js';
import { type Decoder, refuseNul } from './decoder.js';

/**
 * Decodes any encoding that Node supports, by its label in the WHATWG Encoding Standard (`windows-1252`, `shift_jis`).
 *
 * The native decoder does not report which byte is invalid. The error therefore has the offset of the chunk, and its
 * sentence names the start and the end of the chunk.
 */
export class WhatwgDecoder implements Decoder {
  readonly encoding: string;
  readonly #decoder: TextDecoder;
  #offset: number;

  /**
   * @param offset the offset of the first byte to be written, from the start of the file
   * @throws AppError `encoding` for a label that Node does not support
   */
  constructor(label: string, offset: number) {
    this.#decoder = createDecoder(label);
    this.encoding = this.#decoder.encoding;
    this.#offset = offset;
  }

  write(bytes: Buffer): string {
    refuseNul(bytes, this.#offset);
    // Without `stream`, Node 20.20 takes a fast path that decodes 0x80-0x9F of windows-1252 as C1 control characters.
    const text = this.#try(bytes.length, () => this.#decoder.decode(bytes, { stream: true }));
    this.#offset += bytes.length;
    return text;
  }

  end(): string {
    return this.#try(0, () => this.#decoder.decode());
  }

  #try(length: number, decode: () => string): string {
    try {
      return decode();
    } catch (cause) {
      const detail = `The file is read as ${this.encoding}, but it has invalid bytes between byte ${this.#offset} and ${this.#offset + length} (counted from 0). Save the file as UTF-8 and upload that.`;
      throw new AppError('encoding', detail, { offset: this.#offset }, { cause });
    }
  }
}

function createDecoder(label: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true });
  } catch (cause) {
    const shown = label.length > 40 ? `${label.slice(0, 40)}…` : label;
    const detail = `The charset "${shown}" is unknown. Send UTF-8, or name an encoding of the WHATWG Encoding Standard.`;
    throw new AppError('encoding', detail, {}, { cause });
  }
}
