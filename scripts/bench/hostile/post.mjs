import { request } from 'node:http';

/**
 * The result of a request. The status is null if there was no complete answer before the end of the connection or the
 * time limit.
 * @typedef {{ status: number | null, retryAfterSeconds: number, seconds: number }} Answer
 */

/**
 * Posts a body to /classify/ on a new connection and reads the complete answer.
 * @param {string} address
 * @param {{ type: string, body: Buffer, signal: AbortSignal, query?: string }} what the signal aborts the request
 * @returns {Promise<Answer>} never rejects: a closed connection is a result, too
 */
export function post(address, { type, body, signal, query = '' }) {
  const begin = performance.now();
  return new Promise((resolve) => {
    const end = (/** @type {number | null} */ status, retryAfter = 0) =>
      resolve({ status, retryAfterSeconds: retryAfter, seconds: (performance.now() - begin) / 1000 });
    const headers = { 'content-type': type, 'content-length': body.length };
    const sent = request(`${address}/classify/${query}`, { method: 'POST', agent: false, headers, signal });
    sent.once('error', () => end(null));
    sent.once('response', (answer) => {
      answer.once('end', () => end(answer.statusCode ?? null, Number(answer.headers['retry-after'] ?? 0)));
      answer.once('error', () => end(null));
      answer.resume();
    });
    sent.end(body);
  });
}

/**
 * Returns how often each status occurred as text: `400 × 8, no answer × 2`.
 * @param {readonly (number | null)[]} statuses
 */
export function tally(statuses) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const status of statuses) {
    const name = status === null ? 'no answer' : String(status);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const parts = [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `${name} × ${count}`);
  return parts.length === 0 ? 'nothing sent' : parts.join(', ');
}
