import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '../errors.js';

/**
 * What to call when a connection closes: one function for each of its requests that waits for an answer. A
 * pipelining client has many requests on one socket; a `close` listener for each would look to Node like a leak.
 */
const unanswered = new WeakMap<Socket, Set<() => void>>();

/**
 * A signal that is aborted when the connection closes before the answer has been sent. The socket is asked as
 * well as the response: the answer to a pipelined request is not on the socket yet, and would not hear of it.
 */
export function abortedWith({ socket }: IncomingMessage, response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const waiting = unansweredOn(socket);
  const onClose = (): void => {
    waiting.delete(onClose);
    response.off('close', onClose);
    if (response.writableFinished) return;
    controller.abort(new AppError('upload_incomplete', 'The client closed the connection.'));
  };
  response.once('close', onClose);
  waiting.add(onClose);
  if (socket.destroyed) onClose();
  return controller.signal;
}

/** The set of a socket, whose only `close` listener calls everything in it. */
function unansweredOn(socket: Socket): Set<() => void> {
  const known = unanswered.get(socket);
  if (known) return known;
  const waiting = new Set<() => void>();
  unanswered.set(socket, waiting);
  socket.once('close', () => {
    for (const onClose of waiting) onClose();
  });
  return waiting;
}
