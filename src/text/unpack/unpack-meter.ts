import { AppError } from '../../errors.js';

const MIB = 1024 * 1024;

/** Up to so many unpacked bytes, any ratio is fine. */
export const FREE_BYTES = 32 * MIB;

/**
 * Log files shrink to a tenth or a fiftieth, one line repeated with a counter to a 70th, the same line again and again
 * with gzip to a 343rd. Zeros shrink with gzip to a 1,030th.
 */
export const MAX_RATIO = 400;

/** Counts the bytes of one upload before and after unpacking, and refuses too many. All layers count together. */
export class UnpackMeter {
  #packed = 0;
  #unpacked = 0;

  /** @param maxBytes the most unpacked bytes of all layers */
  constructor(readonly maxBytes: number) {}

  /** Counts bytes as they were sent. */
  packed(bytes: number): void {
    this.#packed += bytes;
  }

  /**
   * Counts bytes that came out of a layer.
   * @throws AppError `unpacked_too_large` over the maximum, and for a ratio that no log file has
   */
  unpacked(bytes: number): void {
    this.#unpacked += bytes;
    if (this.#unpacked > this.maxBytes) {
      throw new AppError(
        'unpacked_too_large',
        `The file has more than ${this.maxBytes} bytes when it is unpacked (MAX_UNPACKED_BYTES). Split it.`,
      );
    }
    if (this.#unpacked > FREE_BYTES && this.#unpacked > this.#packed * MAX_RATIO) {
      throw new AppError(
        'unpacked_too_large',
        `The file becomes more than ${MAX_RATIO} times as large when it is unpacked, which no log file does: the ratio is suspicious. Send it in parts or without compression.`,
      );
    }
  }
}
