/**
 * The thread of the ordinary clients during an attack. One client requests the server's health repeatedly, others
 * send an ordinary upload every second. They have their own thread, so that the attack's work does not delay them.
 */
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { ask } from '../ask.mjs';
import { FIRST_PROBE_TEMPLATE } from '../messages.mjs';
import { csvOfNewLines } from './new-lines.mjs';
import { keepTrying } from './ordinary-upload.mjs';

const HEALTH_PAUSE_MS = 20;
/** Time limit, so that a server that hangs does not block the bench. */
const HEALTH_LIMIT_MS = 30_000;
const UPLOAD_EVERY_MS = 1000;
/** Upper bound of ordinary uploads at the same time, so that they do not fill the server themselves. */
const MOST_AT_ONCE = 2;
const ROWS = 5;

/** @typedef {import('./ordinary-upload.mjs').Attempt} Attempt */

/** @type {{ address: string }} */
const { address } = workerData;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const health = { delays: /** @type {number[]} */ ([]), failed: 0 };
/** @type {Attempt[]} */
const attempts = [];
/** @type {Set<Promise<unknown>>} */
const underWay = new Set();
let template = FIRST_PROBE_TEMPLATE;
let isOver = false;
let isPaused = false;

async function watchHealth() {
  while (!isOver) {
    const begin = performance.now();
    const limit = setTimeout(() => agent.destroy(), HEALTH_LIMIT_MS);
    await ask({ address, agent }, '/health/live').catch(() => (health.failed += 1));
    clearTimeout(limit);
    health.delays.push(performance.now() - begin);
    await pause(HEALTH_PAUSE_MS);
  }
  agent.destroy();
}

async function tryUploads() {
  while (!isOver) {
    if (!isPaused && underWay.size < MOST_AT_ONCE) {
      const attempt = uploadOnce().then((done) => attempts.push(done));
      underWay.add(attempt);
      void attempt.finally(() => underWay.delete(attempt));
    }
    await pause(UPLOAD_EVERY_MS);
  }
  await Promise.all(underWay);
}

function uploadOnce() {
  const body = csvOfNewLines(template, ROWS);
  template += ROWS;
  return keepTrying(address, body);
}

// The first requests open connections and warm up the code. They are not counted.
await ask({ address, agent }, '/health/live');
await uploadOnce();
parentPort?.on('message', (/** @type {'over' | 'pause' | 'resume'} */ message) => {
  if (message === 'over') isOver = true;
  else isPaused = message === 'pause';
});
parentPort?.postMessage('ready');
await Promise.all([watchHealth(), tryUploads()]);
parentPort?.postMessage({ health, attempts });
// The listener of the port would keep the thread alive.
parentPort?.close();
