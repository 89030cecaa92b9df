import { runScript } from './children.mjs';

/** @typedef {{ rows: number, seconds: number, rowsPerSecond: number, ratio: number }} Naive */

/**
 * Labels a file the naive way. No server may run meanwhile.
 * @param {string} file
 * @param {number} serverRowsPerSecond to compare with
 * @param {number} [rows] label only the first rows
 * @returns {Promise<Naive>} `ratio` is the server's rate divided by the naive one
 */
export async function measureNaive(file, serverRowsPerSecond, rows) {
  const limit = rows === undefined ? [] : ['--rows', String(rows)];
  const done = await runScript('naive.mjs', [file, ...limit]);
  const rowsPerSecond = done.rows / done.seconds;
  return {
    rows: done.rows,
    seconds: done.seconds,
    rowsPerSecond,
    ratio: serverRowsPerSecond / rowsPerSecond,
  };
}
