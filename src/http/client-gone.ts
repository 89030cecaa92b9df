import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../errors.js';

/** A controller that is aborted when the connection closes before the answer has been sent. */
export function abortedWith({ socket }: IncomingMessage, response: ServerResponse): AbortController {
  const controller = new AbortController();
  const onClose = (): void => {
    if (response.writableFinished) return;
    controller.abort(new AppError('upload_incomplete', 'The client closed the connection.'));
  };
  // Of all responses of a connection, only the one being handled emits `close` when the socket closes: this one.
  response.once('close', onClose);
  if (socket.destroyed) onClose();
  return controller;
}
