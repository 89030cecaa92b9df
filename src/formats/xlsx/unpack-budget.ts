import { unpackedTooLarge } from './errors.js';

/** How many times larger than its packed size the data of one file may be. Real sheets stay below 100. */
const maxRatio = 300;
/** The ratio is judged from this many bytes, because small files of zeros are harmless. */
const judgedFromBytes = 4 * 1024 * 1024;

/** How many empty cells there may be for each unpacked byte. Tables with few values in many columns have about two. */
const maxEmptyCells = 20;

/** Counts the bytes that are really unpacked from a workbook and the characters that its cells expand to. */
export class UnpackBudget {
  #bytes = 0;
  #chars = 0;
  #emptyCells = 0;

  /** @param maxBytes the maximum number of unpacked bytes, and of characters of all cells together */
  constructor(private readonly maxBytes: number) {}

  /**
   * Adds unpacked bytes.
   * @param ofEntry the unpacked bytes of this entry so far, with these
   * @param packed the packed bytes of the entry
   * @throws AppError `unpacked_too_large`
   */
  addBytes(bytes: number, ofEntry: number, packed: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.maxBytes) throw this.#tooLarge();
    this.judge(ofEntry, packed);
  }

  /**
   * Judges the size of an entry, as it is declared or as it is so far.
   * @throws AppError `unpacked_too_large` for a ratio that no sheet has
   */
  judge(unpacked: number, packed: number): void {
    if (unpacked > judgedFromBytes && unpacked > maxRatio * packed)
      throw unpackedTooLarge(`A file in the workbook is more than ${maxRatio} times larger when unpacked.`);
  }

  /**
   * Adds characters of cells. Many cells can share one long text.
   * @throws AppError `unpacked_too_large`
   */
  addChars(chars: number): void {
    this.#chars += chars;
    if (this.#chars > this.maxBytes) throw this.#tooLarge();
  }

  /**
   * Adds empty cells, which a row gets before a cell far to the right.
   * @throws AppError `unpacked_too_large`
   */
  addEmptyCells(count: number): void {
    this.#emptyCells += count;
    if (this.#emptyCells > judgedFromBytes && this.#emptyCells > maxEmptyCells * this.#bytes)
      throw unpackedTooLarge('Nearly all cells of the sheet are empty cells before cells far to the right.');
  }

  #tooLarge(): Error {
    return unpackedTooLarge(
      `The workbook has more than ${this.maxBytes.toLocaleString('en')} bytes when unpacked.`,
    );
  }
}
