import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../errors.js';

/** A signal that is aborted when the connection closes before the answer has been sent. */
export function abortedWith({ socket }: IncomingMessage, response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const onClose = (): void => {
    if (response.writableFinished) return;
    controller.abort(new AppError('upload_incomplete', 'The client closed the connection.'));
  };
  // Requests are handled one after the other, so that this response is the one on the socket and hears of its end.
  response.once('close', onClose);
  if (socket.destroyed) onClose();
  return controller.signal;
}
