import type { Config } from '../../config.js';
import { AppError } from '../../errors.js';
import { RateMonitor, type MinimumRate } from '../rate-monitor.js';
import type { SlotHolder } from './slot-pool.js';

/** Below this rate an upload may lose its slot to a new upload. */
const KEEPS_SLOT_BYTES_PER_S = 50_000;

/** Returns the minimum rate of an upload, and of reading a streamed answer. */
export function minimumRateOf({
  uploadMinBytesPerS,
  uploadIdleTimeoutMs,
}: Pick<Config, 'uploadMinBytesPerS' | 'uploadIdleTimeoutMs'>): MinimumRate {
  return { minBytesPerS: uploadMinBytesPerS, maxBehindMs: uploadIdleTimeoutMs };
}

/** Waits for the bytes of one upload and gives up when they arrive too slowly. */
export class UploadRate implements SlotHolder {
  readonly #rate: RateMonitor;
  /** The rate that keeps the slot while other uploads want one. */
  readonly #slotRate: RateMonitor;
  #timer: NodeJS.Timeout | undefined;
  /** Rejects the current wait. */
  #rejectWait: ((error: AppError) => void) | undefined;
  #slotLost: AppError | undefined;

  constructor(minimum: MinimumRate) {
    this.#rate = new RateMonitor(minimum);
    this.#slotRate = new RateMonitor({
      ...minimum,
      minBytesPerS: Math.max(minimum.minBytesPerS, KEEPS_SLOT_BYTES_PER_S),
    });
  }

  /** Milliseconds by which the client is behind the rate that keeps its slot; 0 while the server does not wait for it. */
  get behindMs(): number {
    return this.#rejectWait ? this.#slotRate.behindMs : 0;
  }

  /** Counts bytes of the request that have arrived. */
  count(bytes: number): void {
    this.#rate.count(bytes);
    this.#slotRate.count(bytes);
    if (this.#rejectWait) this.#setTimer();
  }

  /**
   * Resolves like the promise. The time until then counts as waiting for the client.
   * @throws AppError `upload_timeout` when the client falls too far behind or loses its slot
   */
  async waitFor<T>(bytes: Promise<T>): Promise<T> {
    const late = new Promise<never>((_, reject) => {
      this.#rejectWait = reject;
      if (this.#slotLost) reject(this.#slotLost);
    });
    this.#rate.resume();
    this.#slotRate.resume();
    this.#setTimer();
    try {
      return await Promise.race([bytes, late]);
    } finally {
      clearTimeout(this.#timer);
      this.#rejectWait = undefined;
      this.#rate.pause();
      this.#slotRate.pause();
    }
  }

  /** Gives up the upload because another one needs its slot: this wait and all later ones reject. */
  loseSlot(): void {
    const detail = `The upload sent less than ${KEEPS_SLOT_BYTES_PER_S} bytes per second, and another upload needed its slot. Send it again.`;
    this.#slotLost ??= new AppError('upload_timeout', detail);
    this.#rejectWait?.(this.#slotLost);
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#rejectWait?.(tooSlow(this.#rate.minimum)),
      Math.max(0, this.#rate.remainingMs),
    );
  }
}

function tooSlow({ minBytesPerS, maxBehindMs }: MinimumRate): AppError {
  const sent = minBytesPerS === 0 ? 'no bytes' : `less than ${minBytesPerS} bytes per second`;
  const detail = `The upload sent ${sent} for ${maxBehindMs} ms, and the server gave up waiting. Send it again.`;
  return new AppError('upload_timeout', detail);
}
