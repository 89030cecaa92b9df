import { AppError } from '../errors.js';

/** Bounds of what all answers together may take until they have been sent. */
export interface SpoolRoomLimits {
  /** Bytes in memory and in files. */
  maxBytes: number;
  /** Bytes in memory alone. */
  maxMemoryBytes: number;
}

/** One answer may take a quarter of the room, so that one client alone cannot fill it. */
const MAX_SHARE = 4;

/** Counts what all spools hold, so that answers that nobody reads cannot fill memory or disk. */
export class SpoolRoom {
  #bytes = 0;
  #memoryBytes = 0;

  constructor(private readonly limits: SpoolRoomLimits) {}

  /** Bytes that all spools hold now, and how many of them are in memory. */
  get held(): { bytes: number; memoryBytes: number } {
    return { bytes: this.#bytes, memoryBytes: this.#memoryBytes };
  }

  /**
   * Takes room for bytes that are in memory.
   * @param held what their answer takes already
   * @throws AppError `busy` when all room is taken, `upload_too_large` when one answer would take too much of it
   */
  take(bytes: number, held: number): void {
    if (held + bytes > this.limits.maxBytes / MAX_SHARE) {
      throw new AppError(
        'upload_too_large',
        `The answer is larger than a quarter of SPOOL_MAX_BYTES (${this.limits.maxBytes}). Split the file, or raise SPOOL_MAX_BYTES.`,
      );
    }
    if (this.#bytes + bytes > this.limits.maxBytes) {
      throw new AppError(
        'busy',
        'Answers that have not been read yet take all the room set by SPOOL_MAX_BYTES. Try again later.',
      );
    }
    this.#bytes += bytes;
    this.#memoryBytes += bytes;
  }

  /** Whether spools hold more in memory than they may. */
  get isMemoryFull(): boolean {
    return this.#memoryBytes > this.limits.maxMemoryBytes;
  }

  /** So many bytes have gone from memory into a file. */
  moveToFile(bytes: number): void {
    this.#memoryBytes -= bytes;
  }

  /** So many bytes are gone, of which so many were in memory. */
  release(bytes: number, memoryBytes: number): void {
    this.#bytes -= bytes;
    this.#memoryBytes -= memoryBytes;
  }
}
