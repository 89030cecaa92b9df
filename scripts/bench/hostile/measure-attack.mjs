import { setTimeout as pause } from 'node:timers/promises';
import { startServer } from '../server-process.mjs';
import { Connections } from './connections.mjs';
import { abortsAfter } from './time-limit.mjs';
import { startWatch } from './watch.mjs';

const SECONDS = 20;
const QUICK_SECONDS = 6;
const LIMIT_SECONDS = 120;
/** Interval for reading the memory, because it cannot be read after the process has ended. */
const PEAK_EVERY_MS = 100;
/** Time limits, so that a server that hangs does not block the bench. */
const ANSWER_MS = 30_000;
const END_MS = 5000;

/**
 * The result of one attack.
 * @typedef {object} AttackResult
 * @property {string} attack
 * @property {number} seconds
 * @property {number | null} loopDelayMs the largest delay; null if the server did not report it
 * @property {number | null} loopBlockedMs the largest delay without waiting for a processor
 * @property {import('./watch.mjs').Watched['health']} health
 * @property {import('./watch.mjs').Watched['ordinary']} ordinary
 * @property {number} peakMegabytes
 * @property {string | null} ended exit code or signal of the process; null if it still ran after the attack
 * @property {string} note
 * @property {object} [figures]
 * @property {import('../verdict.mjs').Verdict[]} verdicts of this attack alone
 */

/**
 * Runs an attack on a fresh server process, together with ordinary clients.
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
    const delay = await loopDelay(server);
    const ended = server.isAlive ? null : String(await server.ended);
    const { verdicts = [], ...found } = finding;
    return {
      attack: attack.name,
      seconds: lasted,
      loopDelayMs: delay?.max ?? null,
      loopBlockedMs: delay?.blocked ?? null,
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

/** Reads the peak memory repeatedly until `stop`. Keeps the last value when the process has ended. */
function watchMemory(/** @type {import('../server-process.mjs').ServerProcess} */ server) {
  let peak = server.peakMegabytes;
  const read = () => {
    // The process may have ended without the exit event yet; /proc then has no figure.
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

/** @returns {Promise<import('../server-process.mjs').LoopDelay | null>} null if the server does not report it */
async function loopDelay(/** @type {import('../server-process.mjs').ServerProcess} */ server) {
  if (!server.isAlive) return null;
  // Rejects when the server ends before it answers.
  const reported = server.loopDelay().catch(() => null);
  const limit = new AbortController();
  const late = pause(ANSWER_MS, null, { signal: limit.signal }).catch(() => null);
  const delay = await Promise.race([reported, late]);
  limit.abort();
  return delay;
}
