import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

const openAnswers = new WeakMap<Duplex, Set<ServerResponse>>();

/** Keeps account of the answers of a server that have not been sent to their end. */
export function trackAnswers(server: Server): void {
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const open = openAnswers.get(socket) ?? new Set();
    openAnswers.set(socket, open.add(response));
    response.once('close', () => open.delete(response));
  });
}

/**
 * Whether bytes written to the socket now would be read as a part of another answer: one has begun, or a request
 * that has come in whole still waits for its own.
 */
export function isInterruption(socket: Duplex): boolean {
  const open = [...(openAnswers.get(socket) ?? [])].filter((answer) => !answer.writableEnded);
  return open.some(({ headersSent, req }) => headersSent || req.complete);
}
