import { unpackedTooLarge } from './errors.js';
import { readWholeXml } from './read-xml.js';
import { TextCollector } from './text-collector.js';
import type { WorkbookArchive } from './workbook-archive.js';

/** The memory that the shared texts of a workbook may take. */
export const MAX_SHARED_BYTES = 64 * 1024 * 1024;
/** The bytes that each text counts in addition: its place. */
const bytesPerText = 24;
const blockBytes = 1024 * 1024;

/**
 * The texts that cells refer to by number. They are kept as UTF-8 in blocks, because strings would keep the pieces of XML
 * in memory from which they were cut.
 */
export class SharedStrings {
  readonly #blocks: Buffer[] = [];
  /** For each text, the number of its block. */
  readonly #blockOf: number[] = [];
  /** For each text, where it ends in its block. */
  readonly #ends: number[] = [];
  #used = 0;
  #bytes = 0;

  constructor(private readonly maxBytes = MAX_SHARED_BYTES) {}

  /** The number of texts. */
  get count(): number {
    return this.#ends.length;
  }

  /**
   * Adds a text.
   * @throws AppError `unpacked_too_large` if the texts take too much memory
   */
  add(text: string): void {
    const length = Buffer.byteLength(text);
    this.#bytes += length + bytesPerText;
    if (this.#bytes > this.maxBytes) {
      const limit = `${Math.floor(this.maxBytes / 1024 / 1024)} MiB`;
      throw unpackedTooLarge(`The different texts of the workbook have more than ${limit}.`);
    }
    let block = this.#blocks.at(-1);
    if (!block || this.#used + length > block.length) {
      block = Buffer.allocUnsafeSlow(Math.max(length, blockBytes));
      this.#blocks.push(block);
      this.#used = 0;
    }
    block.write(text, this.#used);
    this.#used += length;
    this.#blockOf.push(this.#blocks.length - 1);
    this.#ends.push(this.#used);
  }

  /** Returns the bytes of a text; at least its number of characters. */
  bytesOf(index: number): number {
    return (this.#ends[index] ?? 0) - this.#startOf(index);
  }

  /** Returns a text; empty if there is none with this number. */
  get(index: number): string {
    const block = this.#blocks[this.#blockOf[index] ?? -1];
    return block?.toString('utf8', this.#startOf(index), this.#ends[index]) ?? '';
  }

  #startOf(index: number): number {
    return this.#blockOf[index - 1] === this.#blockOf[index] ? (this.#ends[index - 1] ?? 0) : 0;
  }
}

/**
 * Reads the shared texts of a workbook. The runs of a formatted text are joined; its pronunciation is left out.
 * @throws AppError `unpacked_too_large` or `xlsx_malformed`
 */
export async function readSharedStrings(
  archive: WorkbookArchive,
  path: string | undefined,
  maxTextChars: number,
): Promise<SharedStrings> {
  const strings = new SharedStrings();
  if (path === undefined) return strings;
  // To read many short texts takes far longer than to unpack them.
  archive.judge(path);
  const collector = new TextCollector(maxTextChars);
  await readWholeXml(
    archive.bytes(path),
    {
      open: (name) => {
        if (name === 'si') collector.clear();
        else collector.open(name);
      },
      text: (text) => collector.text(text),
      close: (name) => {
        if (name === 'si') strings.add(collector.take());
        else collector.close(name);
      },
    },
    maxTextChars,
  );
  return strings;
}
