/** The slowest pace at which a client may send its request or take its answer. */
export interface PaceLimits {
  /** Bytes a second, averaged. With 0 any byte counts as progress. */
  readonly minBytesPerS: number;
  /** Milliseconds that a client may be behind that pace. */
  readonly maxBehindMs: number;
}

/**
 * How far one client is behind the slowest pace allowed. While the server waits for the client, the client falls
 * behind by the time that passes; each byte that moves makes up for `1 / minBytesPerS` seconds. A client cannot get
 * ahead: a fast start does not pay for a later silence.
 */
export class Pace {
  #behindMs = 0;
  #waitingSince: number | undefined;

  /** @param now a clock that only goes forward, in milliseconds */
  constructor(
    readonly limits: PaceLimits,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Milliseconds by which the client is behind now. */
  get behindMs(): number {
    const waited = this.#waitingSince === undefined ? 0 : this.now() - this.#waitingSince;
    return this.#behindMs + waited;
  }

  /** Milliseconds until the client is too far behind, if nothing moves until then. */
  get leftMs(): number {
    return this.limits.maxBehindMs - this.behindMs;
  }

  /** From now on the client is waited for. */
  wait(): void {
    this.#waitingSince ??= this.now();
  }

  /** From now on the server is at work, or holds the client back: that time does not count. */
  rest(): void {
    this.#behindMs = this.behindMs;
    this.#waitingSince = undefined;
  }

  /** So many bytes have moved. */
  move(bytes: number): void {
    if (bytes === 0) return;
    // Infinity where the pace is 0.
    const madeUpMs = (bytes / this.limits.minBytesPerS) * 1000;
    this.#behindMs = Math.max(0, this.behindMs - madeUpMs);
    if (this.#waitingSince !== undefined) this.#waitingSince = this.now();
  }
}
