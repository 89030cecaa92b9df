import { unpackedTooLarge } from './errors.js';

/**
 * Maximum number of parts of a text. Excel allows 32,767 characters in a cell. Each part takes memory of its own, however
 * short it is.
 */
const maxParts = 32_767;

/** A text that arrives in parts. */
export class BoundedText {
  #text = '';
  #parts = 0;

  constructor(private readonly maxChars: number) {}

  /**
   * Adds a part.
   * @throws AppError `unpacked_too_large`
   */
  add(part: string): void {
    this.#text += part;
    this.#parts += 1;
    if (this.#text.length > this.maxChars)
      throw unpackedTooLarge(
        `A text of the workbook has more than ${this.maxChars.toLocaleString('en')} characters.`,
      );
    if (this.#parts > maxParts)
      throw unpackedTooLarge(`A text of the workbook has more than ${maxParts.toLocaleString('en')} parts.`);
  }

  /** The number of characters so far. */
  get length(): number {
    return this.#text.length;
  }

  /** Returns the text, and begins a new one. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    this.#parts = 0;
    return text;
  }
}
