import { request } from 'node:http';

/** @typedef {{ address: string, agent: import('node:http').Agent }} Line a connection to the server */

/**
 * Sends one small request and reads the complete answer.
 * @param {Line} line the agent keeps the connection open
 * @param {string} path
 * @param {string} [body] JSON for a POST; without it the request is a GET
 * @returns {Promise<number>} milliseconds until the end of the answer
 * @throws Error when the status is not 200
 */
export function ask({ address, agent }, path, body) {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : jsonHeaders(body);
    const sent = request(`${address}${path}`, {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers,
    });
    sent.once('error', reject);
    sent.once('response', (answer) => {
      answer.once('error', reject);
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve(performance.now() - begin);
        else reject(new Error(`${path} answered ${answer.statusCode}.`));
      });
      answer.resume();
    });
    sent.end(body);
  });
}

/**
 * Requests the label of one message. See `ask`.
 * @param {Line} line
 * @param {string} message
 */
export function askLabel(line, message) {
  return ask(line, '/classify/', JSON.stringify({ source: 'App1', log_message: message }));
}

function jsonHeaders(/** @type {string} */ body) {
  return { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
}
