/** Pieces smaller than this are copied into a shared block. Larger ones are kept without a copy. */
const SMALL_BYTES = 16 * 1024;
const BLOCK_BYTES = 64 * 1024;

/**
 * A queue of bytes in memory. It copies small pieces into blocks, because a client may send a million pieces of one
 * byte. Each piece costs some hundred bytes of overhead and keeps the larger buffer alive into which it points.
 *
 * Queued bytes and returned bytes use at most twice their length in memory, plus one block.
 */
export class ByteQueue {
  readonly #ready: Uint8Array[] = [];
  /** The block that receives small pieces, and how many of its bytes are used. */
  #block: Uint8Array | undefined;
  #filled = 0;
  #length = 0;

  /** The number of bytes in the queue. */
  get length(): number {
    return this.#length;
  }

  /** Adds bytes at the end. */
  push(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (bytes.length >= SMALL_BYTES) {
      this.#finishBlock();
      this.#ready.push(bytes);
      return;
    }
    if (this.#filled + bytes.length > BLOCK_BYTES) this.#finishBlock();
    this.#block ??= new Uint8Array(BLOCK_BYTES);
    this.#block.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** Removes and returns the first piece; undefined if the queue is empty. */
  shift(): Uint8Array | undefined {
    if (this.#ready.length === 0) this.#finishBlock();
    const bytes = this.#ready.shift();
    this.#length -= bytes?.length ?? 0;
    return bytes;
  }

  /** Removes all bytes. */
  clear(): void {
    this.#ready.length = 0;
    this.#block = undefined;
    this.#filled = 0;
    this.#length = 0;
  }

  /** Appends the content of the block to the ready pieces. Copies it if the block is less than half full. */
  #finishBlock(): void {
    if (!this.#block || this.#filled === 0) return;
    if (this.#filled < BLOCK_BYTES / 2) {
      this.#ready.push(this.#block.slice(0, this.#filled));
    } else {
      this.#ready.push(this.#block.subarray(0, this.#filled));
      this.#block = undefined;
    }
    this.#filled = 0;
  }
}
