import { deferred } from '../../async/deferred.js';
import type { Classification } from '../types.js';

/**
 * Collects the classifications that one call of `EmbeddingTier.classify` waits for. The complete call fails as soon as
 * one classification fails or the signal is aborted.
 */
export class ClassifyCall {
  /** The classifications received so far, by template. */
  readonly found = new Map<string, Classification>();
  readonly #pending: Promise<void>[] = [];
  #cancelWaits: (() => void)[] = [];
  readonly #failure = deferred<never>();
  #failed: { readonly error: unknown } | undefined;

  constructor(private readonly signal: AbortSignal | undefined) {
    // The promise may reject before a caller awaits it. That must not count as an unhandled rejection.
    this.#failure.promise.catch(() => undefined);
    signal?.addEventListener('abort', this.#onAbort);
  }

  /**
   * Waits for the classification of a template.
   * @param cancel cancels the wait; must have no effect if the wait is over
   */
  waitFor(template: string, classification: Promise<Classification | undefined>, cancel: () => void): void {
    this.#cancelWaits.push(cancel);
    const received = classification.then((one) => {
      if (one) this.found.set(template, one);
    });
    this.#pending.push(received.catch((error: unknown) => this.#fail(error)));
  }

  /** @throws the error that the call failed with, if it has failed */
  throwIfFailed(): void {
    if (this.#failed) throw this.#failed.error;
  }

  /** Settles like the promise, but rejects as soon as the call fails. */
  unlessFailed<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#failure.promise]);
  }

  /** Resolves to `found` when all classifications have been received. */
  async result(): Promise<Map<string, Classification>> {
    await this.unlessFailed(Promise.all(this.#pending));
    return this.found;
  }

  /** Cancels all waits and removes the listener from the signal. */
  end(): void {
    this.signal?.removeEventListener('abort', this.#onAbort);
    for (const cancel of this.#cancelWaits) cancel();
    this.#cancelWaits = [];
  }

  #fail(error: unknown): void {
    this.#failed ??= { error };
    this.#failure.reject(error);
  }

  /** Cancels the waits in the same tick: templates that only this call waits for must not be encoded any more. */
  readonly #onAbort = (): void => {
    this.end();
    this.#fail(this.signal?.reason);
  };
}
