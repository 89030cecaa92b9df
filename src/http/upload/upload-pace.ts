import { AppError } from '../../errors.js';
import { Pace, type PaceLimits } from '../pace.js';

/** An upload that brings less than this a second is slow enough to give its place to one that waits. */
const KEEPS_PLACE_BYTES_PER_S = 50_000;

/** Waits for the bytes of one upload, no longer than its pace allows. */
export class UploadPace {
  readonly #pace: Pace;
  /** The pace at which an upload keeps its place when others wait for one. */
  readonly #placePace: Pace;
  #timer: NodeJS.Timeout | undefined;
  /** Ends the wait under way. */
  #endWait: ((error: AppError) => void) | undefined;
  #cutBy: AppError | undefined;

  constructor(limits: PaceLimits) {
    this.#pace = new Pace(limits);
    this.#placePace = new Pace({
      ...limits,
      minBytesPerS: Math.max(limits.minBytesPerS, KEEPS_PLACE_BYTES_PER_S),
    });
  }

  /** Milliseconds by which the client is behind the pace that keeps its place; 0 while it is not waited for. */
  get behindMs(): number {
    return this.#endWait ? this.#placePace.behindMs : 0;
  }

  /** So many bytes of the request have come. */
  move(bytes: number): void {
    this.#pace.move(bytes);
    this.#placePace.move(bytes);
    if (this.#endWait) this.#setTimer();
  }

  /**
   * What the promise gives; the time until then counts as waiting for the client.
   * @throws AppError `upload_timeout` when the client falls too far behind or the upload is cut
   */
  async waitFor<T>(bytes: Promise<T>): Promise<T> {
    const late = new Promise<never>((_, reject) => {
      this.#endWait = reject;
      if (this.#cutBy) reject(this.#cutBy);
    });
    this.#pace.wait();
    this.#placePace.wait();
    this.#setTimer();
    try {
      return await Promise.race([bytes, late]);
    } finally {
      clearTimeout(this.#timer);
      this.#endWait = undefined;
      this.#pace.rest();
      this.#placePace.rest();
    }
  }

  /** Gives the upload up because others wait for its place. */
  cut(): void {
    const detail = `The upload brought less than ${KEEPS_PLACE_BYTES_PER_S} bytes a second while others waited for its place. Send it again.`;
    this.#cutBy ??= new AppError('upload_timeout', detail);
    this.#endWait?.(this.#cutBy);
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const { maxBehindMs } = this.#pace.limits;
    this.#timer = setTimeout(
      () => this.#endWait?.(this.#tooSlow(`for ${maxBehindMs} ms and was given up.`)),
      Math.max(0, this.#pace.leftMs),
    );
  }

  #tooSlow(when: string): AppError {
    const { minBytesPerS } = this.#pace.limits;
    const brought = minBytesPerS === 0 ? 'nothing' : `less than ${minBytesPerS} bytes a second`;
    return new AppError('upload_timeout', `The upload brought ${brought} ${when}`);
  }
}
