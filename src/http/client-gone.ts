import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../errors.js';

/** A signal that is aborted when the connection closes before the answer has been sent. */
export function abortedWith(request: IncomingMessage, response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const onClose = (): void => {
    if (response.writableFinished) return;
    controller.abort(new AppError('upload_incomplete', 'The client closed the connection.'));
  };
  response.once('close', onClose);
  if (request.destroyed && !request.readableEnded) onClose();
  return controller.signal;
}
