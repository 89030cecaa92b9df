import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { FIRST_PROBE_TEMPLATE } from './messages.mjs';
import { summary } from './percentile.mjs';

/** Each round of probes has so many templates to itself. */
const TEMPLATES_A_ROUND = 50_000;

/** @typedef {{ health: import('./percentile.mjs').Summary, known: import('./percentile.mjs').Summary, new: import('./percentile.mjs').Summary }} Latencies in ms */

let rounds = 0;

/**
 * Templates that no load and no other round of probes has.
 * @returns {number} the first of them
 */
export function freshTemplates() {
  rounds += 1;
  return FIRST_PROBE_TEMPLATE + rounds * TEMPLATES_A_ROUND;
}

/**
 * Asks the server small questions, in a thread of its own, until `stop` is called or each kind has enough answers.
 * @param {string} address
 * @param {number} enough answers of each kind; Infinity to go on until it is stopped
 */
export async function startProbes(address, enough) {
  const worker = new Worker(new URL('probe-thread.mjs', import.meta.url), {
    workerData: { address, firstTemplate: freshTemplates(), enough },
  });
  await once(worker, 'message');
  const delays = once(worker, 'message');
  // Whoever waits for the answers hears of a failure; nobody may be waiting yet when it happens.
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
