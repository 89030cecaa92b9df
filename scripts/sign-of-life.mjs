import { clearInterval, setInterval } from 'node:timers';

/** After so long without an end, work says that it goes on. */
const SILENCE_MS = 15_000;

/**
 * Says every 15 seconds what is still running, until the work has ended.
 * @template T
 * @param {() => string} running names what is done, for the reader
 * @param {Promise<T>} work
 * @returns {Promise<T>} what the work gives
 */
export async function withSignOfLife(running, work) {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    console.log(`still running after ${secondsSince(startedAt)} s: ${running()}`);
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
