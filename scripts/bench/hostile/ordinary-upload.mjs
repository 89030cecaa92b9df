import { setTimeout as pause } from 'node:timers/promises';
import { post } from './post.mjs';
import { abortsAfter } from './time-limit.mjs';

/** Whoever has not got in by then gives up. */
export const PATIENCE_SECONDS = 15;

/** Without `Retry-After`, a client that got no 200 tries again after so long. */
const RETRY_MS = 1000;

/** @typedef {{ admitted: boolean, seconds: number, tries: number }} Attempt seconds from the first try to the end */

/**
 * Uploads a CSV as a well-behaved client does: after a refusal it waits as long as `Retry-After` says and tries again.
 * @param {string} address
 * @param {Buffer} body
 * @param {number} [patienceSeconds]
 * @returns {Promise<Attempt>}
 */
export async function keepTrying(address, body, patienceSeconds = PATIENCE_SECONDS) {
  const begin = performance.now();
  const signal = abortsAfter(new AbortController().signal, patienceSeconds * 1000);
  for (let tries = 1; ; tries += 1) {
    const { status, retryAfterSeconds } = await post(address, { type: 'text/csv', body, signal });
    const seconds = (performance.now() - begin) / 1000;
    if (status === 200) return { admitted: true, seconds, tries };
    const waitMs = retryAfterSeconds > 0 ? retryAfterSeconds * 1000 : RETRY_MS;
    if (signal.aborted || seconds + waitMs / 1000 >= patienceSeconds) {
      return { admitted: false, seconds: patienceSeconds, tries };
    }
    await pause(waitMs);
  }
}
