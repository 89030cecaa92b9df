import { setTimeout as pause } from 'node:timers/promises';
import { verdict } from '../verdict.mjs';
import { drained, hostOf, statusIn } from './connections.mjs';
import { abortsAfter } from './time-limit.mjs';

/** A client gives up after this many bytes or this time without an answer. */
const MOST_BYTES = 64 * 1024 * 1024;
const WAIT_MS = 10_000;
const PIECE = Buffer.alloc(64 * 1024, 'a');
const PAUSE_MS = 500;

/** Declared lengths above the default of `MAX_UPLOAD_BYTES`. */
const CASES = [
  { type: 'text/csv', length: 3 * 1024 ** 3 },
  { type: 'multipart/form-data; boundary=long', length: 3 * 1024 ** 3 },
  { type: 'application/json', length: 3 * 1024 ** 3 },
].flatMap((one) => [
  { ...one, expect: false },
  { ...one, expect: true },
]);

/** The beginning of a form's body. A form without parts would be rejected for that. */
const FORM_HEAD = '--long\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';

/** @typedef {{ status: number | null, seconds: number, bytes: number }} Refusal `bytes` of the body were sent */

/**
 * Sends bodies with a declared length above the limit, with and without `Expect: 100-continue`.
 * @returns {import('./attacks.mjs').Attack}
 */
export function declaredLength() {
  return {
    name: 'declared Content-Length over the limit',
    async run(field) {
      const end = performance.now() + field.seconds * 1000;
      /** @type {Map<(typeof CASES)[number], Refusal>} */
      const worst = new Map();
      do {
        for (const one of CASES) {
          if (field.signal.aborted) break;
          const refusal = await declare(field, one);
          if (refusal.seconds > (worst.get(one)?.seconds ?? -1)) worst.set(one, refusal);
        }
        await pause(PAUSE_MS);
      } while (performance.now() < end && !field.signal.aborted);
      const slowest = Math.max(
        ...[...worst.values()].map(({ status, seconds }) => (status === 413 ? seconds : Infinity)),
      );
      return {
        note: [...worst].map(([one, refusal]) => noteOn(one, refusal)).join('; '),
        verdicts: [verdict('413 for a declared length, slowest', slowest, 's', 'at most', 1)],
      };
    },
  };
}

/** @returns {Promise<Refusal>} */
async function declare(
  /** @type {import('./attacks.mjs').Field} */ { address, connections, signal },
  /** @type {(typeof CASES)[number]} */ { type, length, expect },
) {
  const socket = connections.open();
  const over = abortsAfter(signal, WAIT_MS);
  const begin = performance.now();
  /** @type {Promise<number | null>} */
  const answered = new Promise((resolve) => {
    socket.once('data', (piece) => resolve(statusIn(piece.toString('latin1')) ?? null));
    socket.once('close', () => resolve(null));
    over.addEventListener('abort', () => resolve(null), { once: true });
  });
  socket.resume();
  const head = `POST /classify/ HTTP/1.1\r\nHost: ${hostOf(address)}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n`;
  socket.write(`${head}${expect ? 'Expect: 100-continue\r\n' : ''}\r\n`);
  const headBytes = head.length;
  // A client with `Expect` waits for a 100 before it sends the body.
  if (!expect) await sendUntil(socket, answered, Math.min(length, MOST_BYTES), type);
  const status = await answered;
  const seconds = (performance.now() - begin) / 1000;
  const bytes = Math.max(0, socket.bytesWritten - headBytes);
  socket.destroy();
  return { status, seconds, bytes };
}

/** Sends a body until there is an answer or `most` bytes are sent. */
async function sendUntil(
  /** @type {import('node:net').Socket} */ socket,
  /** @type {Promise<unknown>} */ answered,
  /** @type {number} */ most,
  /** @type {string} */ type,
) {
  let isAnswered = false;
  const noted = answered.then(() => (isAnswered = true));
  if (type.startsWith('multipart')) socket.write(FORM_HEAD);
  for (let bytes = 0; bytes < most && !isAnswered && !socket.destroyed; bytes += PIECE.length) {
    if (!socket.write(PIECE)) await Promise.race([drained(socket), noted]);
  }
}

function noteOn(
  /** @type {(typeof CASES)[number]} */ { type, expect },
  /** @type {Refusal} */ { status, seconds, bytes },
) {
  const name = `${type.split(';')[0]}${expect ? ' with Expect' : ''}`;
  return `${name}: ${status ?? 'no answer'} after ${seconds.toFixed(3)} s and ${(bytes / 1e6).toFixed(1)} MB`;
}
