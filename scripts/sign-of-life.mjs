import { clearInterval, setInterval } from 'node:timers';

/** After so long without an end, a step says that it goes on. */
const SILENCE_MS = 15_000;

/**
 * Says every 15 seconds that a step is still running, until it has ended.
 * @template T
 * @param {string} step what is done, for the reader
 * @param {Promise<T>} work
 * @returns {Promise<T>} what the work gives
 */
export async function withSignOfLife(step, work) {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    console.log(`${step}: still running after ${secondsSince(startedAt)} s`);
  }, SILENCE_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/**
 * @param {number} startedAt a time of `performance.now()`
 * @returns {number} whole seconds
 */
export function secondsSince(startedAt) {
  return Math.round((performance.now() - startedAt) / 1000);
}
