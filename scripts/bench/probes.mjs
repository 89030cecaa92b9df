import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FIRST_PROBE_TEMPLATE } from './messages.mjs';
import { summary } from './percentile.mjs';

/** Templates reserved for each round of probes. */
const TEMPLATES_PER_ROUND = 50_000;

/** @typedef {{ health: import('./percentile.mjs').Summary, known: import('./percentile.mjs').Summary, new: import('./percentile.mjs').Summary }} Latencies in ms */

let rounds = 0;

/**
 * Reserves templates that no load and no other round of probes uses.
 * @returns {number} the first of them
 */
export function freshTemplates() {
  rounds += 1;
  return FIRST_PROBE_TEMPLATE + rounds * TEMPLATES_PER_ROUND;
}

/**
 * Starts the probes in their own thread. They run until `stop` is called or each kind has enough answers.
 * @param {string} address
 * @param {number} enough answers of each kind; Infinity to run until `stop`
 */
export async function startProbes(address, enough) {
  const worker = new Worker(new URL('probe-thread.mjs', import.meta.url), {
    workerData: { address, firstTemplate: freshTemplates(), enough },
  });
  await once(worker, 'message');
  const delays = once(worker, 'message');
  // Prevents an unhandled rejection if a probe fails before `answers` is called.
  delays.catch(() => undefined);
  return {
    /** @returns {Promise<Latencies>} */
    async answers() {
      const [{ health, known, new: unknown }] = await delays;
      return { health: summary(health), known: summary(known), new: summary(unknown) };
    },
    /** @returns {Promise<Latencies>} */
    stop() {
      worker.postMessage('over');
      return this.answers();
    },
  };
}
