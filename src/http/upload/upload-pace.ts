import { AppError } from '../../errors.js';
import { Pace, type PaceLimits } from '../pace.js';

/** Waits for the bytes of one upload, no longer than its pace allows. */
export class UploadPace {
  readonly #pace: Pace;
  #timer: NodeJS.Timeout | undefined;
  /** Ends the wait under way. */
  #endWait: ((error: AppError) => void) | undefined;
  #cutBy: AppError | undefined;

  constructor(limits: PaceLimits) {
    this.#pace = new Pace(limits);
  }

  /** Milliseconds by which the client is behind; 0 while it is not waited for. */
  get behindMs(): number {
    return this.#endWait ? this.#pace.behindMs : 0;
  }

  /** So many bytes of the request have come. */
  move(bytes: number): void {
    this.#pace.move(bytes);
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
    this.#setTimer();
    try {
      return await Promise.race([bytes, late]);
    } finally {
      clearTimeout(this.#timer);
      this.#endWait = undefined;
      this.#pace.rest();
    }
  }

  /** Gives the upload up because others wait for its place. */
  cut(): void {
    const { minBytesPerS } = this.#pace.limits;
    this.#cutBy ??= new AppError(
      'upload_timeout',
      `The upload brought less than ${minBytesPerS} bytes a second while others waited for its place. Send it again.`,
    );
    this.#endWait?.(this.#cutBy);
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const { minBytesPerS, maxBehindMs } = this.#pace.limits;
    this.#timer = setTimeout(
      () => {
        const detail = `The upload brought less than ${minBytesPerS} bytes a second for ${maxBehindMs} ms and was given up.`;
        this.#endWait?.(new AppError('upload_timeout', detail));
      },
      Math.max(0, this.#pace.leftMs),
    );
  }
}
