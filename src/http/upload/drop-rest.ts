import type { IncomingMessage } from 'node:http';

/** How much of a request is read only to be dropped: enough for a client on an ordinary network to see its answer. */
const DROP_LIMITS = { maxBytes: 64 * 1024 * 1024, maxMs: 10_000 };

/**
 * Reads and drops the rest of a request whose answer is about to be sent. Many clients read the answer only after they have
 * sent everything. Without this they would see a connection reset instead.
 * @returns a promise that resolves when the request has ended; above a limit the connection is closed
 */
export function dropRest(request: IncomingMessage, { maxBytes, maxMs } = DROP_LIMITS): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let dropped = 0;
    const disconnect = (): void => void request.socket.destroy();
    const timer = setTimeout(disconnect, maxMs);
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    // The parser of a form has stopped reading. Its backpressure would block the request.
    request.unpipe();
    request.on('data', (chunk: Buffer) => {
      dropped += chunk.length;
      if (dropped > maxBytes) disconnect();
    });
    // If the connection fails now, an `error` event without a listener would end the process.
    request.on('error', stop).once('end', stop).once('close', stop).resume();
  });
}
