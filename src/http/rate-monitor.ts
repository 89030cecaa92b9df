/** The lowest rate at which a client may send its request or read its answer. */
export interface MinimumRate {
  /** Bytes per second, averaged. With 0 any byte counts as progress. */
  readonly minBytesPerS: number;
  /** How many milliseconds a client may fall behind that rate. */
  readonly maxBehindMs: number;
}

/**
 * Measures how far one client is behind its minimum rate. While the server waits for the client, the client falls behind
 * by the time that passes. Each byte makes up for `1 / minBytesPerS` seconds. There is no credit: a fast start does not
 * allow a later pause.
 */
export class RateMonitor {
  #behindMs = 0;
  #waitingSince: number | undefined;

  /** @param now a monotonic clock, in milliseconds */
  constructor(
    readonly minimum: MinimumRate,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Milliseconds by which the client is behind now. */
  get behindMs(): number {
    const waited = this.#waitingSince === undefined ? 0 : this.now() - this.#waitingSince;
    return this.#behindMs + waited;
  }

  /** Milliseconds until the client is too far behind if no byte arrives; negative once it is. */
  get remainingMs(): number {
    return this.minimum.maxBehindMs - this.behindMs;
  }

  /** Starts the clock: the server now waits for the client. */
  resume(): void {
    this.#waitingSince ??= this.now();
  }

  /** Stops the clock: the server is working or holds the client back. */
  pause(): void {
    this.#behindMs = this.behindMs;
    this.#waitingSince = undefined;
  }

  /** Counts bytes that were transferred. */
  count(bytes: number): void {
    if (bytes === 0) return;
    // Infinity for a minimum rate of 0.
    const madeUpMs = (bytes / this.minimum.minBytesPerS) * 1000;
    this.#behindMs = Math.max(0, this.behindMs - madeUpMs);
    if (this.#waitingSince !== undefined) this.#waitingSince = this.now();
  }
}
