import { runScript } from './children.mjs';

/** @typedef {{ rows: number, seconds: number, rowsPerSecond: number, ratio: number }} Naive */

/**
 * Labels a file the naive way, while no server runs.
 * @param {string} file
 * @param {number} serverRowsPerSecond to compare with
 * @param {number} [rows] only the first so many
 * @returns {Promise<Naive>} with how many times as fast the server was
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
