import { setTimeout as pause } from 'node:timers/promises';
import { drained, hostOf } from './connections.mjs';

const CONNECTIONS = 20;
const REQUESTS_A_WRITE = 500;
/** A client whose connection was closed reconnects after this time. */
const RECONNECT_MS = 200;

/**
 * Clients send requests endlessly and read no answer.
 * @param {string} path
 * @returns {import('./attacks.mjs').Attack}
 */
export function pipelined(path) {
  return {
    name: `pipelined GET ${path}`,
    async run({ address, connections, seconds, signal }) {
      const requests = Buffer.from(
        `GET ${path} HTTP/1.1\r\nHost: ${hostOf(address)}\r\n\r\n`.repeat(REQUESTS_A_WRITE),
      );
      const count = { writes: 0, cut: 0 };
      const end = performance.now() + seconds * 1000;
      const isOver = () => signal.aborted || performance.now() > end;
      const client = async () => {
        while (!isOver()) {
          await sendUntilCut(connections.open(), requests, count, end);
          if (isOver()) return;
          count.cut += 1;
          await pause(RECONNECT_MS);
        }
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, client));
      const sent = (count.writes * REQUESTS_A_WRITE).toLocaleString('en');
      return { note: `${sent} requests sent, connections cut: ${count.cut}` };
    },
  };
}

/** Writes until the time is over or the connection is closed. */
async function sendUntilCut(
  /** @type {import('node:net').Socket} */ socket,
  /** @type {Buffer} */ requests,
  /** @type {{ writes: number }} */ count,
  /** @type {number} */ end,
) {
  const timer = setTimeout(() => socket.destroy(), Math.max(0, end - performance.now()));
  while (!socket.destroyed) {
    count.writes += 1;
    if (!socket.write(requests)) await drained(socket);
  }
  clearTimeout(timer);
}
