import { packingOf } from '../../text/unpack/unpack.js';
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

  /** Releases the client's slot, if it holds one. */
  release(client: SlotHolder): void {
    this.#bulk.release(client);
    this.#small.release(client);
  }
}

/**
 * Whether a request is small: at most SMALL_BYTES and about SMALL_LOGS records. Compressed bytes are not, because they may
 * hold much more.
 * @param first the first bytes: all of them, or more than SMALL_BYTES
 * @param contentEncoding the Content-Encoding of the body
 */
export function isSmallUpload(first: Uint8Array, contentEncoding: string | undefined): boolean {
  if (first.length > SMALL_BYTES || contentEncoding !== undefined) return false;
  if (packingOf(Buffer.from(first.subarray(0, 4))) !== undefined) return false;
  return countRecords(first) <= SMALL_LOGS;
}

/** Counts the records of a text in any encoding and format, or a few too many. */
function countRecords(bytes: Uint8Array): number {
  let lf = 0;
  let cr = 0;
  let braces = 0;
  for (const byte of bytes) {
    if (byte === 0x0a) lf += 1;
    else if (byte === 0x0d) cr += 1;
    else if (byte === 0x7b) braces += 1;
  }
  // Not counted: the header of a table, and the object around the logs of a JSON body. Objects may stand on one line.
  return Math.max(lf - 1, cr - 1, braces - 1);
}
