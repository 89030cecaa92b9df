import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { AppError } from '../../errors.js';
import { openConnections } from '../connections.js';
import { pathOf } from '../request-log.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** Closes all connections, and logs each request whose answer is not complete. */
    abortRequests(): void;
  }
}

/**
 * Makes `app.close` finish as soon as the current requests are answered. New requests are refused, each connection ends
 * after its answer, and idle connections are closed. Node would keep two kinds open: those that never sent a request, and
 * those on which the headers of a request are incomplete.
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
    app.decorate('abortRequests', () => {
      for (const [socket, { unanswered }] of openConnections(app.server)) {
        for (const { request } of unanswered) logAborted(requestOf.get(request));
        socket.destroy();
      }
    });
  },
  { name: 'closing' },
);

/** Logs an aborted request. A pipelined request that has not reached this plugin is undefined, and is not logged. */
function logAborted(request: FastifyRequest | undefined): void {
  if (!request) return;
  const { bytesRead, bytesWritten } = request.raw.socket;
  request.log.warn(
    { method: request.method, path: pathOf(request.url), connection: { bytesRead, bytesWritten } },
    'request aborted: the server is shutting down',
  );
}
