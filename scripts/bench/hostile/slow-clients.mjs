import { setTimeout as pause } from 'node:timers/promises';
import { hostOf, statusIn } from './connections.mjs';
import { csvOfKnownLines } from './new-lines.mjs';
import { tally } from './post.mjs';
import { abortsAfter } from './time-limit.mjs';

const CLIENTS = 12;
const EVERY_MS = 2000;
const READ_BYTES = 512;
/** Larger than the buffers of the kernel and the server's socket while the client reads nothing. */
const LARGE_UPLOAD_BYTES = 16e6;
const KNOWN_TEMPLATES = 50;

/** The beginnings of the slow senders' bodies; clients use them in turn. */
const BEGINNINGS = [
  { type: 'text/csv', text: 'source,log_message\n' },
  {
    type: 'multipart/form-data; boundary=slow',
    text: '--slow\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nsource,log_message\n',
  },
  { type: 'application/json', text: '{"logs":[' },
];

/**
 * Twelve clients send the beginning of an upload and then a byte every 2 s.
 * @param {{ comeBack: boolean }} options whether a client reconnects after a rejection or a closed connection
 * @returns {import('./attacks.mjs').Attack}
 */
export function slowSenders({ comeBack }) {
  return {
    name: `12 × a byte every 2 s${comeBack ? ', coming back' : ''}`,
    run: (field) => runClients(field, comeBack, sendSlowly),
  };
}

/**
 * Twelve clients send a large upload fast and read 512 bytes of the answer every 2 s.
 * @returns {import('./attacks.mjs').Attack}
 */
export function slowReaders() {
  const upload = csvOfKnownLines(KNOWN_TEMPLATES, LARGE_UPLOAD_BYTES);
  return {
    name: '12 × 512 bytes read every 2 s',
    run: (field) => runClients(field, false, (one) => readSlowly(one, upload)),
  };
}

/**
 * One slow client.
 * @typedef {object} SlowClient
 * @property {number} index from 0 to 11
 * @property {string} address
 * @property {import('./connections.mjs').Connections} connections
 * @property {AbortSignal} over aborted when the attack has ended
 */

/**
 * Runs the clients until the attack ends. Counts answers, connections that were closed without an answer, and those
 * that were still open at the end.
 * @param {import('./attacks.mjs').Field} field
 * @param {boolean} comeBack
 * @param {(client: SlowClient) => Promise<number | null | undefined>} work returns the status of the answer, null if the
 *   connection was closed without one, undefined if it was still open at the end
 */
async function runClients({ address, connections, seconds, signal }, comeBack, work) {
  const over = abortsAfter(signal, seconds * 1000);
  /** @type {(number | null)[]} */
  const statuses = [];
  let open = 0;
  const client = async (/** @type {unknown} */ _, /** @type {number} */ index) => {
    do {
      const status = await work({ index, address, connections, over });
      if (status === undefined) open += 1;
      else statuses.push(status);
      if (comeBack) await unlessOver(EVERY_MS, over);
    } while (comeBack && !over.aborted);
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { note: `${statuses.length > 0 ? `${tally(statuses)}, ` : ''}open at the end: ${open}` };
}

async function sendSlowly(/** @type {SlowClient} */ { index, address, connections, over }) {
  const socket = connections.open();
  const { answered, read } = firstStatus(socket);
  socket.on('data', read);
  socket.resume();
  const { type, text } = BEGINNINGS[index % BEGINNINGS.length] ?? { type: '', text: '' };
  socket.write(headOf(address, type, 1_000_000) + text);
  // A space is valid in each of the bodies, so they can only be rejected for being slow.
  return workUntil(answered, over, socket, () => socket.write(' '));
}

/** Reads on after a status of 200 until the connection is closed. */
async function readSlowly(
  /** @type {SlowClient} */ { address, connections, over },
  /** @type {Buffer} */ upload,
) {
  const onread = {
    buffer: Buffer.alloc(READ_BYTES),
    callback: (/** @type {number} */ bytes, /** @type {Uint8Array} */ buffer) => {
      read(Buffer.from(buffer.buffer, buffer.byteOffset, bytes));
      // Stops reading until the next `resume`.
      return false;
    },
  };
  const socket = connections.open({ onread });
  const { answered, read } = firstStatus(socket);
  socket.write(headOf(address, 'text/csv', upload.length));
  socket.write(upload);
  socket.resume();
  return workUntil(answered, over, socket, () => socket.resume());
}

/** Resolves with the first status other than 200; null if the connection closes before. */
function firstStatus(/** @type {import('node:net').Socket} */ socket) {
  /** @type {(status: number | null) => void} */
  let resolve = () => undefined;
  /** @type {Promise<number | null>} */
  const answered = new Promise((settle) => (resolve = settle));
  socket.once('close', () => resolve(null));
  const read = (/** @type {Buffer} */ piece) => {
    const status = statusIn(piece.toString('latin1'));
    if (status !== undefined && status !== 200) resolve(status);
  };
  return { answered, read };
}

/** Calls `work` every 2 s until there is an answer or the attack is over. Returns undefined in the latter case. */
async function workUntil(
  /** @type {Promise<number | null>} */ answered,
  /** @type {AbortSignal} */ over,
  /** @type {import('node:net').Socket} */ socket,
  /** @type {() => void} */ work,
) {
  let status = await Promise.race([answered, unlessOver(EVERY_MS, over)]);
  while (status === undefined && !over.aborted) {
    work();
    status = await Promise.race([answered, unlessOver(EVERY_MS, over)]);
  }
  socket.destroy();
  return status;
}

function headOf(/** @type {string} */ address, /** @type {string} */ type, /** @type {number} */ length) {
  return `POST /classify/ HTTP/1.1\r\nHost: ${hostOf(address)}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;
}

/** Waits, but not longer than the attack lasts. @returns {Promise<undefined>} */
function unlessOver(/** @type {number} */ ms, /** @type {AbortSignal} */ over) {
  return pause(ms, undefined, { signal: over }).catch(() => undefined);
}
