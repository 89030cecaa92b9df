import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { percentile } from '../percentile.mjs';

/**
 * What the clients that mean well saw.
 * @typedef {object} Watched
 * @property {{ asked: number, failed: number, max: number | null }} health the largest latency in ms; a request that
 *   failed counts with the time until it did
 * @property {{ tried: number, admitted: number, longestSeconds: number | null }} ordinary uploads; one that was not
 *   admitted counts with the time after which its client gave up
 */

/**
 * Starts the clients that mean well, in a thread of their own.
 * @param {string} address
 */
export async function startWatch(address) {
  const worker = new Worker(new URL('watch-thread.mjs', import.meta.url), { workerData: { address } });
  await once(worker, 'message');
  const end = once(worker, 'message');
  // Whoever waits for the end hears of a failure; nobody may be waiting yet when it happens.
  end.catch(() => undefined);
  return {
    /** No ordinary upload begins from now on. */
    pause() {
      worker.postMessage('pause');
    },
    /** Ordinary uploads begin again. */
    resume() {
      worker.postMessage('resume');
    },
    /** @returns {Promise<Watched>} when the uploads that have begun are over */
    async stop() {
      worker.postMessage('over');
      return watchedFrom((await end)[0]);
    },
    /** Ends the thread at once. */
    async discard() {
      await worker.terminate();
    },
  };
}

/**
 * Sums up what the thread noted.
 * @param {{ health: { delays: number[], failed: number }, attempts: import('./ordinary-upload.mjs').Attempt[] }} noted
 * @returns {Watched}
 */
export function watchedFrom({ health: { delays, failed }, attempts }) {
  return {
    health: { asked: delays.length, failed, max: percentile(delays, 1) },
    ordinary: {
      tried: attempts.length,
      admitted: attempts.filter(({ admitted }) => admitted).length,
      longestSeconds: percentile(
        attempts.map(({ seconds }) => seconds),
        1,
      ),
    },
  };
}
