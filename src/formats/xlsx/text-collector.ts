import { unpackedTooLarge } from './errors.js';

/** Collects the text of `<t>` elements, without those of the pronunciation (`<rPh>`). */
export class TextCollector {
  #text = '';
  #inText = false;
  #inPronunciation = false;

  /** @param maxChars the maximum number of characters of a text that has several parts */
  constructor(private readonly maxChars: number) {}

  /** Takes note of the start of an element. */
  open(name: string): void {
    if (name === 't') this.#inText = true;
    else if (name === 'rPh') this.#inPronunciation = true;
  }

  /** Adds text if it belongs to the collected one. */
  text(text: string): void {
    if (!this.#inText || this.#inPronunciation) return;
    this.#text += text;
    if (this.#text.length > this.maxChars)
      throw unpackedTooLarge(
        `A text of the workbook has more than ${this.maxChars.toLocaleString('en')} characters.`,
      );
  }

  /** Takes note of the end of an element. */
  close(name: string): void {
    if (name === 't') this.#inText = false;
    else if (name === 'rPh') this.#inPronunciation = false;
  }

  /** Forgets the text. */
  clear(): void {
    this.#text = '';
    this.#inText = false;
    this.#inPronunciation = false;
  }

  /** Returns the collected text with its escapes decoded, and forgets it. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return decodeEscapes(text);
  }
}

/** Decodes `_x000D_`, which stands for a character that XML cannot hold. `_x005F_` stands for an underscore. */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .toWellFormed();
}
