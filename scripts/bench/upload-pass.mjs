import { upload } from './upload.mjs';

/**
 * The result of one or more uploads, one after the other.
 * @typedef {object} Pass
 * @property {number} uploads
 * @property {number} rows of all uploads
 * @property {number | null} templates distinct templates of all uploads; null if unknown
 * @property {number} seconds of all uploads, each from the request to the last byte of the answer
 * @property {number} rowsPerSecond
 * @property {number | null} templatesPerSecond
 * @property {number} cpuSeconds of the server's process, all threads
 * @property {import('./server-process.mjs').LoopDelay} loopDelay of the server's main thread
 */

/**
 * Uploads files one after the other until the time is over. With `again`, repeats the last file.
 * @param {import('./server-process.mjs').ServerProcess} server
 * @param {readonly { path: string, rows?: number, templates?: number }[]} files
 * @param {{ seconds?: number, again?: boolean }} [options] default: one upload
 * @returns {Promise<Pass>}
 * @throws Error when an upload fails or an answer lacks rows
 */
export async function uploadPass(server, files, { seconds = 0, again = false } = {}) {
  await server.watchLoop();
  const cpuBefore = server.cpuSeconds;
  const sum = { uploads: 0, rows: 0, seconds: 0 };
  while (sum.uploads === 0 || (sum.seconds < seconds && (again || sum.uploads < files.length))) {
    const file = files[Math.min(sum.uploads, files.length - 1)];
    if (!file) throw new Error('There is no file to upload.');
    const done = await upload(server.address, file.path, file.rows);
    sum.uploads += 1;
    sum.rows += done.rows;
    sum.seconds += done.seconds;
  }
  const cpuSeconds = server.cpuSeconds - cpuBefore;
  const loopDelay = await server.loopDelay();
  const templates = files.slice(0, sum.uploads).reduce((all, file) => all + (file.templates ?? NaN), 0);
  return {
    ...sum,
    templates: Number.isNaN(templates) ? null : templates,
    rowsPerSecond: sum.rows / sum.seconds,
    templatesPerSecond: Number.isNaN(templates) ? null : templates / sum.seconds,
    cpuSeconds,
    loopDelay,
  };
}
