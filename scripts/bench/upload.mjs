import { createReadStream, statSync } from 'node:fs';
import { request } from 'node:http';

/** Large chunks, so that sending uses little processor time. */
const PIECE_BYTES = 512 * 1024;

/** The least bytes that the answer adds to a generated file: the column name, and the shortest label for each row. */
const leastAddition = (/** @type {number} */ rows) => ',target_label'.length + rows * ',Error'.length;

/**
 * Uploads a file with the media type of its ending and drops the answer.
 * @param {string} address
 * @param {string} file
 * @param {number} [ownRows] the number of rows of a generated file; undefined for the user's file, whose answer may be
 *   shorter than the file because of an existing label column, needless quotes or UTF-16
 * @returns {Promise<{ rows: number, seconds: number }>} seconds from the request to the last byte of the answer
 * @throws Error when the status is not 200, or the answer lacks rows or labels or is cut off
 */
export async function upload(address, file, ownRows) {
  const { size } = statSync(file);
  const begin = performance.now();
  const answer = await send(address, file, size);
  if (answer.statusCode !== 200) throw new Error(await failure(answer));
  let bytes = 0;
  for await (const piece of answer) bytes += piece.length;
  const seconds = (performance.now() - begin) / 1000;
  const rows = Number(answer.headers['x-classified-rows']);
  const promised = Number(answer.headers['content-length']);
  if (ownRows !== undefined && rows !== ownRows) throw new Error(`${rows} of ${ownRows} rows came back.`);
  const least = ownRows === undefined ? 1 : size + leastAddition(ownRows);
  if (!(rows > 0) || bytes !== promised || bytes < least) {
    throw new Error(`The answer to ${size} bytes with ${rows} rows has ${bytes} bytes of ${promised}.`);
  }
  return { rows, seconds };
}

function mediaTypeOf(/** @type {string} */ file) {
  if (file.endsWith('.ndjson')) return 'application/x-ndjson';
  return file.endsWith('.lines') ? 'text/plain' : 'text/csv';
}

/** @returns {Promise<import('node:http').IncomingMessage>} */
function send(/** @type {string} */ address, /** @type {string} */ file, /** @type {number} */ size) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': mediaTypeOf(file), 'content-length': size };
    const sent = request(`${address}/classify/`, { method: 'POST', agent: false, headers });
    const source = createReadStream(file, { highWaterMark: PIECE_BYTES });
    source.once('error', (error) => sent.destroy(error));
    sent.once('error', (error) => {
      source.destroy();
      reject(error);
    });
    sent.once('response', resolve);
    source.pipe(sent);
  });
}

async function failure(/** @type {import('node:http').IncomingMessage} */ answer) {
  let text = '';
  for await (const piece of answer.setEncoding('utf8')) text += piece;
  return `The upload got the status ${answer.statusCode}: ${text.slice(0, 500)}`;
}
