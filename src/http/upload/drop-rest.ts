import type { IncomingMessage } from 'node:http';

/** Bounds of what is read only to be dropped: enough for a client on a usual network to see its answer. */
const DROP_LIMITS = { maxBytes: 64 * 1024 * 1024, maxMs: 10_000 };

/**
 * Reads and drops the rest of a request whose answer is about to be sent. A client that is still sending then sees the
 * answer and not a reset: many read no answer before they have sent all.
 * @returns a promise that resolves when the request has ended. Past a limit the connection is cut first.
 */
export function dropRest(request: IncomingMessage, { maxBytes, maxMs } = DROP_LIMITS): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let dropped = 0;
    const cut = (): void => void request.socket.destroy();
    const timer = setTimeout(cut, maxMs);
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    // A form's parser reads no further. Left in the pipe it would hold back what is to be dropped.
    request.unpipe();
    request.on('data', (chunk: Buffer) => {
      dropped += chunk.length;
      if (dropped > maxBytes) cut();
    });
    // The connection may break off meanwhile; without a listener that would end the process.
    request.on('error', stop).once('end', stop).once('close', stop).resume();
  });
}
