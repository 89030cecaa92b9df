import { clearInterval, setInterval } from 'node:timers';

/** How often a message is printed. */
const INTERVAL_MS = 15_000;

/**
 * Prints every 15 seconds what is still running, until the work has ended.
 * @template T
 * @param {() => string} running returns a description of the work
 * @param {Promise<T>} work
 * @returns {Promise<T>} settles like the work
 */
export async function withSignOfLife(running, work) {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    console.log(`still running after ${secondsSince(startedAt)} s: ${running()}`);
  }, INTERVAL_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/**
 * @param {number} startedAt a time of `performance.now()`
 * @returns {number} seconds since then, rounded
 */
export function secondsSince(startedAt) {
  return Math.round((performance.now() - startedAt) / 1000);
}
