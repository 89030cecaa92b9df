import { AppError } from '../errors.js';

/** Upper bounds for all answers together, until they have been sent. */
export interface SpoolQuotaLimits {
  /** Bytes in memory and in files. */
  maxBytes: number;
  /** Bytes in memory alone. */
  maxMemoryBytes: number;
}

/** One answer may use at most a quarter of the quota, so that a single client cannot use it up. */
const SHARES = 4;

/** Limits the bytes that all spools hold, so that unread answers cannot fill memory or disk. */
export class SpoolQuota {
  #bytes = 0;
  #memoryBytes = 0;

  constructor(private readonly limits: SpoolQuotaLimits) {}

  /** The bytes that all spools hold, and how many of them are in memory. */
  get held(): { bytes: number; memoryBytes: number } {
    return { bytes: this.#bytes, memoryBytes: this.#memoryBytes };
  }

  /**
   * Reserves bytes in memory.
   * @param held the bytes that the same answer has reserved already
   * @throws AppError `upload_too_large` when the answer would use more than a quarter of the quota, `busy` when the
   *   quota is used up
   */
  reserve(bytes: number, held: number): void {
    if (held + bytes > this.limits.maxBytes / SHARES) {
      throw new AppError(
        'upload_too_large',
        `The answer is larger than a quarter of SPOOL_MAX_BYTES (${this.limits.maxBytes}). Split the file, or raise SPOOL_MAX_BYTES.`,
      );
    }
    if (this.#bytes + bytes > this.limits.maxBytes) {
      throw new AppError(
        'busy',
        'Answers that clients have not read yet use all of SPOOL_MAX_BYTES. Try again later.',
      );
    }
    this.#bytes += bytes;
    this.#memoryBytes += bytes;
  }

  /** Whether the spools hold more bytes in memory than allowed. */
  get isMemoryFull(): boolean {
    return this.#memoryBytes > this.limits.maxMemoryBytes;
  }

  /** Records that bytes have been moved from memory to a file. */
  moveToFile(bytes: number): void {
    this.#memoryBytes -= bytes;
  }

  /**
   * Releases bytes.
   * @param bytes in memory and in files
   * @param memoryBytes how many of them are in memory
   */
  release(bytes: number, memoryBytes: number): void {
    this.#bytes -= bytes;
    this.#memoryBytes -= memoryBytes;
  }
}
