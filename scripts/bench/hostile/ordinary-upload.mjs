import { setTimeout as pause } from 'node:timers/promises';
import { post } from './post.mjs';
import { abortsAfter } from './time-limit.mjs';

/** A client gives up if it is not admitted within this time. */
export const GIVE_UP_SECONDS = 15;

/** Wait before the next try if an answer has no `Retry-After`. */
const RETRY_MS = 1000;

/** @typedef {{ admitted: boolean, seconds: number, tries: number }} Attempt seconds from the first try to the end */

/**
 * Uploads a CSV like a well-behaved client: waits for the time in `Retry-After` after a rejection and tries again.
 * @param {string} address
 * @param {Buffer} body
 * @param {number} [giveUpSeconds]
 * @returns {Promise<Attempt>}
 */
export async function keepTrying(address, body, giveUpSeconds = GIVE_UP_SECONDS) {
  const begin = performance.now();
  const signal = abortsAfter(new AbortController().signal, giveUpSeconds * 1000);
  for (let tries = 1; ; tries += 1) {
    const { status, retryAfterSeconds } = await post(address, { type: 'text/csv', body, signal });
    const seconds = (performance.now() - begin) / 1000;
    if (status === 200) return { admitted: true, seconds, tries };
    const waitMs = retryAfterSeconds > 0 ? retryAfterSeconds * 1000 : RETRY_MS;
    if (signal.aborted || seconds + waitMs / 1000 >= giveUpSeconds) {
      return { admitted: false, seconds: giveUpSeconds, tries };
    }
    await pause(waitMs);
  }
}
