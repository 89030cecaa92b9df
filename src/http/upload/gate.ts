import { AppError } from '../../errors.js';

/** Seconds after which a client that was turned away may come again. */
export const RETRY_AFTER_SECONDS = 5;

/** Lets so many in at once; whoever is in is never thrown out. */
export class Gate {
  #inside = 0;

  constructor(private readonly limit: number) {}

  /** Runs the work inside. @throws AppError `busy` at once when the gate is full. */
  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= this.limit) {
      throw new AppError('busy', `${this.limit} uploads are being worked on. Try again in a few seconds.`);
    }
    this.#inside += 1;
    try {
      return await work();
    } finally {
      this.#inside -= 1;
    }
  }
}
