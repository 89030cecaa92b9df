import { BoundedText } from './bounded-text.js';

/** Collects the text of `<t>` elements, without those of the pronunciation (`<rPh>`). */
export class TextCollector {
  readonly #text: BoundedText;
  /** Where the elements end that have text. An escape does not go on in the next element. */
  #ends: number[] = [];
  #inText = false;
  #inPronunciation = false;

  /** @param maxChars the maximum number of characters of a text that has several parts */
  constructor(maxChars: number) {
    this.#text = new BoundedText(maxChars);
  }

  /** Takes note of the start of an element. */
  open(name: string): void {
    if (name === 't') this.#inText = true;
    else if (name === 'rPh') this.#inPronunciation = true;
  }

  /** Adds text if it belongs to the collected one. */
  text(text: string): void {
    if (this.#inText && !this.#inPronunciation) this.#text.add(text);
  }

  /** Takes note of the end of an element. */
  close(name: string): void {
    if (name === 't') {
      this.#inText = false;
      if (this.#text.length > (this.#ends.at(-1) ?? 0)) this.#ends.push(this.#text.length);
    } else if (name === 'rPh') this.#inPronunciation = false;
  }

  /** Forgets the text. */
  clear(): void {
    this.#text.take();
    this.#ends = [];
    this.#inText = false;
    this.#inPronunciation = false;
  }

  /** Returns the collected text with its escapes decoded, and forgets it. */
  take(): string {
    const text = this.#text.take();
    const ends = this.#ends;
    this.#ends = [];
    if (ends.length < 2 || !text.includes('_x')) return decodeEscapes(text);
    return ends.map((end, i) => decodeEscapes(text.slice(ends[i - 1] ?? 0, end))).join('');
  }
}

/** Decodes `_x000D_`, which stands for a character that XML cannot hold. `_x005F_` stands for an underscore. */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .toWellFormed();
}
