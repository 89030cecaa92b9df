/** Pieces under this size are copied together; larger ones are held as they came. */
const SMALL_BYTES = 16 * 1024;
const BLOCK_BYTES = 64 * 1024;

/**
 * Bytes in memory, first in, first out. Small pieces are put together: a client may send a million of one byte,
 * each of which would take some hundred bytes by itself and keep alive the larger buffer that it was cut from.
 */
export class ByteQueue {
  #blocks: Uint8Array[] = [];
  /** How much of the last block is filled, if it is one of ours; else nothing more goes into it. */
  #filled: number | undefined;
  #length = 0;

  /** How many bytes wait. */
  get length(): number {
    return this.#length;
  }

  /** Adds bytes at the end. */
  push(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (bytes.length >= SMALL_BYTES) {
      this.#closeLast();
      this.#blocks.push(bytes);
    } else if (bytes.length > 0) {
      this.#copy(bytes);
    }
  }

  /** Takes a part of the bytes from the beginning; undefined if there are none. */
  shift(): Uint8Array | undefined {
    if (this.#blocks.length === 1) this.#closeLast();
    const block = this.#blocks.shift();
    this.#length -= block?.length ?? 0;
    return block;
  }

  /** Lets go of all. */
  clear(): void {
    this.#blocks = [];
    this.#filled = undefined;
    this.#length = 0;
  }

  #copy(bytes: Uint8Array): void {
    if (this.#filled === undefined || this.#filled + bytes.length > BLOCK_BYTES) {
      this.#closeLast();
      this.#blocks.push(new Uint8Array(BLOCK_BYTES));
      this.#filled = 0;
    }
    this.#blocks.at(-1)?.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** Cuts the last block to what is filled of it. */
  #closeLast(): void {
    const last = this.#blocks.pop();
    if (last) this.#blocks.push(last.subarray(0, this.#filled));
    this.#filled = undefined;
  }
}
