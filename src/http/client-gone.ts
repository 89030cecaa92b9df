import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../errors.js';

/**
 * A signal that is aborted when the connection closes before the answer has been sent. The socket is asked as
 * well as the response: the answer to a pipelined request is not on the socket yet, and would not hear of it.
 */
export function abortedWith({ socket }: IncomingMessage, response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const onClose = (): void => {
    socket.off('close', onClose);
    response.off('close', onClose);
    if (response.writableFinished) return;
    controller.abort(new AppError('upload_incomplete', 'The client closed the connection.'));
  };
  response.once('close', onClose);
  socket.once('close', onClose);
  if (socket.destroyed) onClose();
  return controller.signal;
}
