import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { AppError } from '../../errors.js';
import { openConnections } from '../connections.js';
import { pathOf } from '../request-log.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** Closes all connections; the log names each request that has no whole answer yet. */
    cutRequests(): void;
  }
}

/**
 * Lets the server end as soon as the requests under way have their answers: no new ones are taken, each
 * connection ends with the answer that it waits for, and connections without a request under way are closed. Node
 * itself leaves those open on which a request has begun to come, or none ever came.
 */
export default fp(
  (app: FastifyInstance) => {
    let closing = false;
    const requestOf = new WeakMap<IncomingMessage, FastifyRequest>();

    app.addHook('preClose', (done) => {
      closing = true;
      for (const [socket, { unanswered }] of openConnections(app.server))
        if (unanswered.length === 0) socket.destroy();
      done();
    });
    app.addHook('onRequest', (request, _reply, done) => {
      requestOf.set(request.raw, request);
      done(closing ? new AppError('not_ready', 'The server is shutting down.') : undefined);
    });
    app.addHook('onSend', (_request, reply, _payload, done) => {
      if (closing) reply.header('connection', 'close');
      done();
    });
    app.decorate('cutRequests', () => {
      for (const [socket, { unanswered }] of openConnections(app.server)) {
        for (const { request } of unanswered) logCut(requestOf.get(request));
        socket.destroy();
      }
    });
  },
  { name: 'closing' },
);

/** A request that was only sent ahead has not reached this plugin, and is not logged. */
function logCut(request: FastifyRequest | undefined): void {
  if (!request) return;
  const { bytesRead, bytesWritten } = request.raw.socket;
  request.log.warn(
    { method: request.method, path: pathOf(request.url), connection: { bytesRead, bytesWritten } },
    'request cut: the server ends',
  );
}
