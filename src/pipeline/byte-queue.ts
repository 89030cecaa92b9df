/** Pieces under this size are copied together; larger ones are held as they came. */
const SMALL_BYTES = 16 * 1024;
const BLOCK_BYTES = 64 * 1024;

/**
 * Bytes in memory, first in, first out. Small pieces are put together: a client may send a million of one byte,
 * each of which would take some hundred bytes by itself and keep alive the larger buffer that it was cut from. What
 * waits here, and what has been taken, takes no more than twice its bytes beside one block.
 */
export class ByteQueue {
  readonly #done: Uint8Array[] = [];
  /** Where small pieces go, and how much of it they fill. */
  #block: Uint8Array | undefined;
  #filled = 0;
  #length = 0;

  /** How many bytes wait. */
  get length(): number {
    return this.#length;
  }

  /** Adds bytes at the end. */
  push(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (bytes.length >= SMALL_BYTES) {
      this.#finishBlock();
      this.#done.push(bytes);
      return;
    }
    if (this.#filled + bytes.length > BLOCK_BYTES) this.#finishBlock();
    this.#block ??= new Uint8Array(BLOCK_BYTES);
    this.#block.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** Takes a part of the bytes from the beginning; undefined if there are none. */
  shift(): Uint8Array | undefined {
    if (this.#done.length === 0) this.#finishBlock();
    const bytes = this.#done.shift();
    this.#length -= bytes?.length ?? 0;
    return bytes;
  }

  /** Lets go of all. */
  clear(): void {
    this.#done.length = 0;
    this.#block = undefined;
    this.#filled = 0;
    this.#length = 0;
  }

  /** What is in the block goes behind the rest: as it is if that is most of it, else as a copy of its size. */
  #finishBlock(): void {
    if (!this.#block || this.#filled === 0) return;
    if (this.#filled < BLOCK_BYTES / 2) {
      this.#done.push(this.#block.slice(0, this.#filled));
    } else {
      this.#done.push(this.#block.subarray(0, this.#filled));
      this.#block = undefined;
    }
    this.#filled = 0;
  }
}
