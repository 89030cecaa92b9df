import { deferred } from '../../async/deferred.js';
import type { Classification } from '../types.js';

/** What one call of `classify` waits for. It is over as a whole once a part of it fails or its signal is aborted. */
export class ClassifyCall {
  /** By template, as they come. */
  readonly found = new Map<string, Classification>();
  readonly #parts: Promise<void>[] = [];
  #leave: (() => void)[] = [];
  readonly #failure = deferred<never>();
  #failed: { readonly error: unknown } | undefined;

  constructor(private readonly signal: AbortSignal | undefined) {
    // It may be rejected while nobody awaits it, and must not count as an unhandled rejection then.
    this.#failure.promise.catch(() => undefined);
    signal?.addEventListener('abort', this.#onAbort);
  }

  /** @param leave ends the wait for the template, or does nothing if that is over */
  waitFor(template: string, classification: Promise<Classification | undefined>, leave: () => void): void {
    this.#leave.push(leave);
    const part = classification.then((one) => {
      if (one) this.found.set(template, one);
    });
    this.#parts.push(part.catch((error: unknown) => this.#fail(error)));
  }

  /** @throws what ended it, if it is over */
  throwIfOver(): void {
    if (this.#failed) throw this.#failed.error;
  }

  /** The promise's outcome, or a rejection as soon as the call is over. */
  unlessOver<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#failure.promise]);
  }

  /** Resolves with what was found when there is nothing more to wait for. */
  async result(): Promise<Map<string, Classification>> {
    await this.unlessOver(Promise.all(this.#parts));
    return this.found;
  }

  /** Ends all waits. */
  end(): void {
    this.signal?.removeEventListener('abort', this.#onAbort);
    for (const leave of this.#leave) leave();
    this.#leave = [];
  }

  #fail(error: unknown): void {
    this.#failed ??= { error };
    this.#failure.reject(error);
  }

  /** Ends all waits at once: what only this call waited for must not take another turn. */
  readonly #onAbort = (): void => {
    this.end();
    this.#fail(this.signal?.reason);
  };
}
