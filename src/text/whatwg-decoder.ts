import { TextDecoder } from 'node:util';
import { AppError } from '../errors.js';
import { type Decoder, refuseNul } from './decoder.js';

/**
 * Any other encoding that Node knows, by its label of the WHATWG Encoding Standard (windows-1252, shift_jis,
 * ...). Where the native decoder fails it does not say at which byte, so here `offset` is the start of the
 * chunk in question and the sentence names the chunk's end as well.
 */
export class WhatwgDecoder implements Decoder {
  readonly encoding: string;
  readonly #decoder: TextDecoder;
  #offset: number;

  /**
   * @param offset of the first byte that will be written, from the start of the file
   * @throws AppError `encoding` for a label that Node does not know
   */
  constructor(label: string, offset: number) {
    this.#decoder = createDecoder(label);
    this.encoding = this.#decoder.encoding;
    this.#offset = offset;
  }

  write(bytes: Buffer): string {
    refuseNul(bytes, this.#offset);
    // Without `stream`, Node 20.20 takes a shortcut that turns 0x80-0x9F of windows-1252 into C1 controls.
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
      const detail = `The file cannot be read as ${this.encoding}: between byte ${this.#offset} and ${this.#offset + length} (counted from 0) there are bytes that mean nothing in it.`;
      throw new AppError('encoding', detail, { offset: this.#offset }, { cause });
    }
  }
}

function createDecoder(label: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true });
  } catch (cause) {
    const shown = label.length > 40 ? `${label.slice(0, 40)}…` : label;
    const detail = `The charset "${shown}" is not known here. Send UTF-8, or name one of the encodings of the WHATWG Encoding Standard.`;
    throw new AppError('encoding', detail, {}, { cause });
  }
}
