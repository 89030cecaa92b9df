/** Calls of the benchmark about jobs. */
import { createReadStream, statSync } from 'node:fs';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 200;

/** What this program reads of an answer: a job, a page of templates or a page of rows. @typedef {{ state: string, finished?: string, templates: readonly { id: string, target_label: string }[], next_cursor: string | null }} Answer */

/** Resolves when a job is done. @throws Error if it ends in another way */
export async function untilDone(/** @type {import('./ask.mjs').Line} */ line, /** @type {string} */ id) {
  for (;;) {
    const { body } = await get(line, `/jobs/${id}`);
    if (body.state === 'done') return;
    if (body.state !== 'running' && body.state !== 'queued')
      throw new Error(`The job is ${JSON.stringify(body)}.`);
    await pause(LOOK_EVERY_MS);
  }
}

/**
 * Sends a GET. `ms` is the time until the last byte.
 * @param {import('./ask.mjs').Line} line
 * @param {string} path
 * @param {boolean} [isJson] whether the body is parsed; otherwise it is dropped
 * @returns {Promise<{ ms: number, body: Answer }>}
 */
export async function get({ address, agent }, path, isJson = true) {
  const begin = performance.now();
  const answer = await sent(request(address + path, { agent }), (open) => open.end());
  const body = /** @type {Answer} */ (isJson ? await json(answer) : await drop(answer));
  if (answer.statusCode !== 200)
    throw new Error(`${path} answered ${answer.statusCode}: ${JSON.stringify(body)}`);
  return { ms: performance.now() - begin, body };
}

async function drop(/** @type {import('node:http').IncomingMessage} */ answer) {
  for await (const piece of answer) void piece;
}

/** Posts a CSV as a job. @returns {Promise<{ id: string }>} */
export async function post(/** @type {string} */ address, /** @type {string} */ file) {
  const headers = { 'content-type': 'text/csv', 'content-length': statSync(file).size };
  const open = request(`${address}/jobs`, { method: 'POST', agent: false, headers });
  const answer = await sent(open, () => createReadStream(file, { highWaterMark: 512 * 1024 }).pipe(open));
  const body = /** @type {{ id: string }} */ (await json(answer));
  if (answer.statusCode !== 202)
    throw new Error(`/jobs answered ${answer.statusCode}: ${JSON.stringify(body)}`);
  return body;
}

/** @returns {Promise<import('node:http').IncomingMessage>} */
function sent(
  /** @type {import('node:http').ClientRequest} */ open,
  /** @type {(open: import('node:http').ClientRequest) => void} */ send,
) {
  return new Promise((resolve, reject) => {
    open.once('error', reject);
    open.once('response', resolve);
    send(open);
  });
}
