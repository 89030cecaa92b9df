import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { percentile } from '../percentile.mjs';

/**
 * The figures of the ordinary clients.
 * @typedef {object} Watched
 * @property {{ asked: number, failed: number, max: number | null }} health `max` is the largest latency in ms; a failed
 *   request counts with the time until it failed
 * @property {{ tried: number, admitted: number, longestSeconds: number | null }} ordinary an upload that was not admitted
 *   counts with the time after which its client gave up
 */

/**
 * Starts the ordinary clients in their own thread.
 * @param {string} address
 */
export async function startWatch(address) {
  const worker = new Worker(new URL('watch-thread.mjs', import.meta.url), { workerData: { address } });
  await once(worker, 'message');
  const end = once(worker, 'message');
  // Prevents an unhandled rejection if the thread fails before `stop` is called.
  end.catch(() => undefined);
  return {
    /** Starts no more ordinary uploads until `resume`. */
    pause() {
      worker.postMessage('pause');
    },
    /** Starts ordinary uploads again. */
    resume() {
      worker.postMessage('resume');
    },
    /** Waits for the running uploads. @returns {Promise<Watched>} */
    async stop() {
      worker.postMessage('over');
      return watchedFrom((await end)[0]);
    },
    /** Terminates the thread immediately. */
    async discard() {
      await worker.terminate();
    },
  };
}

/**
 * Computes the figures from the thread's records.
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
