import { SlotPool, type SlotHolder } from './slot-pool.js';

/** Requests with at most this many logs and bytes are small: cheap to label, and perhaps a person waits for the answer. */
const SMALL_LOGS = 20;

/** Maximum number of bytes of a small request. */
export const SMALL_BYTES = 16 * 1024;

/** How many small requests are processed at the same time. */
const MAX_SMALL_REQUESTS = 500;

/** Slots for the requests of POST /classify. Small requests have slots of their own, so bulk uploads never block them. */
export class UploadSlots {
  readonly #bulk: SlotPool;
  readonly #small = new SlotPool(MAX_SMALL_REQUESTS);

  constructor(maxUploads: number) {
    this.#bulk = new SlotPool(maxUploads);
  }

  /**
   * Takes a slot of the matching kind. A client that holds a bulk slot keeps it.
   * @throws AppError `busy` when no slot is free
   */
  take(client: SlotHolder, isSmall: boolean): void {
    if (!this.#bulk.has(client)) (isSmall ? this.#small : this.#bulk).take(client);
  }

  /**
   * Yields the bytes unchanged. Takes a bulk slot before the first chunk beyond SMALL_BYTES.
   * @throws AppError `busy` when no slot is free
   */
  async *takeWhenLarge(client: SlotHolder, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let total = 0;
    for await (const chunk of bytes) {
      total += chunk.length;
      if (total > SMALL_BYTES) this.#bulk.take(client);
      yield chunk;
    }
  }

  /** Releases the client's slot, if it holds one. */
  release(client: SlotHolder): void {
    this.#bulk.release(client);
    this.#small.release(client);
  }
}

/** Whether JSON of at most SMALL_BYTES with this many logs is small. */
export function isSmallJson(logs: number): boolean {
  return logs <= SMALL_LOGS;
}

/** Whether a CSV is small. @param first its first bytes: all of them, or more than SMALL_BYTES */
export function isSmallCsv(first: Uint8Array): boolean {
  // Two more lines: the header, and the empty one after a final line break.
  return first.length <= SMALL_BYTES && countLines(first) <= SMALL_LOGS + 2;
}

/** Counts the lines of a text in any encoding, or a few too many. Lines end with LF, CRLF or CR. */
function countLines(bytes: Uint8Array): number {
  let lf = 0;
  let cr = 0;
  for (const byte of bytes) {
    if (byte === 0x0a) lf += 1;
    else if (byte === 0x0d) cr += 1;
  }
  return Math.max(lf, cr) + 1;
}
