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
 * What the clients came to.
 * @typedef {object} Interactive
 * @property {number} clients
 * @property {number} seconds
 * @property {number} requestsPerSecond
 * @property {number} cpuSeconds of the server's process, all threads
 * @property {import('./percentile.mjs').Summary} all latencies in ms
 * @property {import('./server-process.mjs').LoopDelay} loopDelay
 */

/**
 * Measures clients that each ask for the label of one message, wait and ask again; then the naive way with such
 * messages.
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
 * Lets the clients ask for so many seconds.
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
  // At once with the end, which hears of a client's failure.
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

/** Messages such as the clients ask for. */
async function sample(/** @type {string} */ folder, /** @type {number} */ rows) {
  const file = join(folder, 'interactive-sample.csv');
  const first = freshTemplates();
  await writeMessages(
    file,
    Array.from({ length: rows }, (_, i) => messageOf(first + i, i, 60)),
  );
  return file;
}
