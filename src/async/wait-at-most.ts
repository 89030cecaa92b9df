import { deferred } from './deferred.js';

/** How a wait ended: the promise resolved, the time passed, or the signal aborted. */
export type WaitOutcome = 'done' | 'timeout' | 'aborted';

/** The longest delay that setTimeout supports. A timer with a longer delay fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits for a promise, but no longer than `ms` milliseconds and only until the signal aborts. It does not cancel the
 * work behind the promise. Its timer and its listener are removed when the wait ends.
 * @throws the promise's error if it rejects in time; a later rejection is ignored
 * @example if ((await waitAtMost(server.close(), 5_000)) === 'timeout') server.closeAllConnections();
 */
export async function waitAtMost(
  work: Promise<unknown>,
  ms: number,
  signal?: AbortSignal,
): Promise<WaitOutcome> {
  const bound = deferred<WaitOutcome>();
  const onAbort = () => bound.resolve('aborted');
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => bound.resolve('timeout'), Math.min(ms, MAX_TIMER_MS));
  try {
    return await Promise.race([bound.promise, work.then(() => 'done' as const)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
