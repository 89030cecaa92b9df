import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { writeMessages } from './data.mjs';
import { messageOf } from './messages.mjs';
import { measureNaive } from './naive-way.mjs';
import { summary } from './percentile.mjs';
import { freshTemplates } from './probes.mjs';
import { startServer } from './server-process.mjs';

const CLIENTS = 16;

/**
 * The result of the interactive clients.
 * @typedef {object} Interactive
 * @property {number} clients
 * @property {number} seconds
 * @property {number} requestsPerSecond
 * @property {number} cpuSeconds of the server's process, all threads
 * @property {import('./percentile.mjs').Summary} all latencies in ms
 * @property {import('./server-process.mjs').LoopDelay} loopDelay
 */

/**
 * Measures clients that each request the label of one message, wait for the answer and repeat. Then measures the naive
 * way with similar messages.
 * @param {import('./measure-csv.mjs').Surroundings} surroundings
 * @returns {Promise<import('./measure-csv.mjs').Result>}
 */
export async function measureInteractive({ folder, options, say }) {
  const server = await startServer(folder, options.server);
  const { readySeconds } = server;
  say(`${CLIENTS} clients`);
  const { interactive, busy } = await interactivePass(server, options.seconds);
  const peak = server.peakMegabytes;
  await server.stop();
  say('the naive way');
  const naive = await measureNaive(
    await sample(folder, options.quick ? 100 : 500),
    interactive.requestsPerSecond,
  );
  return { load: 'interactive', readySeconds, busy, interactive, peakMegabytes: { end: peak }, naive };
}

/**
 * Runs the clients for a number of seconds.
 * @param {import('./server-process.mjs').ServerProcess} server
 * @param {number} seconds
 */
export async function interactivePass(server, seconds) {
  const worker = new Worker(new URL('clients-thread.mjs', import.meta.url), {
    workerData: {
      address: server.address,
      clients: CLIENTS,
      seconds,
      firstTemplate: freshTemplates(),
    },
  });
  await once(worker, 'message');
  const end = once(worker, 'message');
  const cpuBefore = server.cpuSeconds;
  // Wait for both, because a failing client rejects `end`.
  await Promise.all([server.watchLoop(), end]);
  const [{ delays, seconds: lasted }] = await end;
  const loopDelay = await server.loopDelay();
  const cpuSeconds = server.cpuSeconds - cpuBefore;
  const all = summary([...delays.known, ...delays.new]);
  const requestsPerSecond = all.count / lasted;
  return {
    busy: { known: summary(delays.known), new: summary(delays.new) },
    interactive: { clients: CLIENTS, seconds: lasted, requestsPerSecond, cpuSeconds, all, loopDelay },
  };
}

/** Writes a file of messages similar to those of the clients. */
async function sample(/** @type {string} */ folder, /** @type {number} */ rows) {
  const file = join(folder, 'interactive-sample.csv');
  const first = freshTemplates();
  await writeMessages(
    file,
    Array.from({ length: rows }, (_, i) => messageOf(first + i, i, 60)),
  );
  return file;
}
