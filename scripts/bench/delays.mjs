import { percentile } from './percentile.mjs';
import { aligned, shown } from './text-table.mjs';

/** How long something took that was done several times, in ms. @typedef {ReturnType<typeof delaysOf>} Delays */

/**
 * Returns count and percentiles of delays.
 * @param {string} name of what was done
 * @param {readonly number[]} delays in ms
 */
export function delaysOf(name, delays) {
  const at = (/** @type {number} */ share) => percentile(delays, share);
  return { name, count: delays.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

/**
 * Returns a table with a line for each thing that was done.
 * @param {[name: string, count: string]} heads of the first columns
 * @param {readonly Delays[]} all
 */
export function delaysTable(heads, all) {
  return aligned([
    [...heads, 'p50, ms', 'p95, ms', 'max, ms'],
    ...all.map(({ name, count, p50, p95, max }) => [
      ...[name, shown(count, 0), shown(p50, 1), shown(p95, 1), shown(max, 1)],
    ]),
  ]);
}
