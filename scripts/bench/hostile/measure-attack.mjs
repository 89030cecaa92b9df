import { setTimeout as pause } from 'node:timers/promises';
import { startServer } from '../server-process.mjs';
import { Connections } from './connections.mjs';
import { abortsAfter } from './time-limit.mjs';
import { startWatch } from './watch.mjs';

const SECONDS = 20;
const QUICK_SECONDS = 6;
const LIMIT_SECONDS = 120;
/** Memory is read so often: nothing can be read of a process that has ended. */
const PEAK_EVERY_MS = 100;
/** A server that is stuck must not hold up the bench. */
const ANSWER_MS = 30_000;
const END_MS = 5000;

/**
 * What one attack came to.
 * @typedef {object} AttackResult
 * @property {string} attack
 * @property {number} seconds
 * @property {number | null} loopDelayMs the largest; null when the server did not say
 * @property {import('./watch.mjs').Watched['health']} health
 * @property {import('./watch.mjs').Watched['ordinary']} ordinary
 * @property {number} peakMegabytes
 * @property {string | null} ended the exit code or signal of a process that did not outlive the attack
 * @property {string} note
 * @property {object} [figures]
 * @property {import('../verdict.mjs').Verdict[]} verdicts of this attack alone
 */

/**
 * Lets hostile clients loose on a fresh process, with clients that mean well beside them.
 * @param {import('./attacks.mjs').Attack} attack
 * @param {import('../measure-csv.mjs').Surroundings} surroundings
 * @returns {Promise<AttackResult>}
 */
export async function measureAttack(attack, { folder, options, say }) {
  const prepared = await attack.prepare?.();
  const server = await startServer(folder, options.server, prepared?.settings);
  const connections = new Connections(server.address);
  const watch = await startWatch(server.address);
  const memory = watchMemory(server);
  const stopper = new AbortController();
  void server.ended.then(() => stopper.abort());
  const signal = abortsAfter(stopper.signal, (attack.limitSeconds ?? LIMIT_SECONDS) * 1000);
  try {
    await server.watchLoop();
    const begin = performance.now();
    const { quick } = options;
    const seconds = quick ? QUICK_SECONDS : (attack.seconds ?? SECONDS);
    const finding = await attack.run({
      address: server.address,
      connections,
      seconds,
      quick,
      signal,
      say,
      ordinary: watch,
    });
    const lasted = (performance.now() - begin) / 1000;
    connections.closeAll();
    const watched = await watch.stop();
    const loopDelayMs = await largestDelay(server);
    const ended = server.isAlive ? null : String(await server.ended);
    const { verdicts = [], ...found } = finding;
    return {
      attack: attack.name,
      seconds: lasted,
      loopDelayMs,
      ...watched,
      peakMegabytes: memory.peak(),
      ended,
      ...found,
      verdicts: verdicts.filter((one) => one !== undefined),
    };
  } finally {
    connections.closeAll();
    memory.stop();
    await watch.discard();
    await server.end(END_MS);
    prepared?.close();
  }
}

/** Reads the peak of memory until it is stopped; of a process that has ended the last one read stands. */
function watchMemory(/** @type {import('../server-process.mjs').ServerProcess} */ server) {
  let peak = server.peakMegabytes;
  const read = () => {
    // Between its end and the news of it, /proc has no such figure.
    try {
      peak = server.peakMegabytes;
    } catch {
      clearInterval(timer);
    }
  };
  const timer = setInterval(read, PEAK_EVERY_MS);
  return {
    peak() {
      read();
      return peak;
    },
    stop: () => clearInterval(timer),
  };
}

/** @returns {Promise<number | null>} */
async function largestDelay(/** @type {import('../server-process.mjs').ServerProcess} */ server) {
  if (!server.isAlive) return null;
  // It rejects when the server ends before it answers.
  const told = server.loopDelay().then(
    ({ max }) => max,
    () => null,
  );
  const limit = new AbortController();
  const late = pause(ANSWER_MS, null, { signal: limit.signal }).catch(() => null);
  const max = await Promise.race([told, late]);
  limit.abort();
  return max;
}
