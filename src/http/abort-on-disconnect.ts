import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../errors.js';

/** Returns a controller that aborts when the connection closes before the answer has been sent. */
export function abortOnDisconnect({ socket }: IncomingMessage, response: ServerResponse): AbortController {
  const controller = new AbortController();
  const onClose = (): void => {
    if (response.writableFinished) return;
    controller.abort(new AppError('upload_incomplete', 'The client closed the connection.'));
  };
  // When the socket closes, `close` is emitted only on the response being handled, not on those queued behind it.
  response.once('close', onClose);
  if (socket.destroyed) onClose();
  return controller;
}
