import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { AppError } from '../../errors.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** Closes all connections; the log names each request that has no whole answer yet. */
    cutRequests(): void;
  }
}

/** A connection, as far as closing it goes. */
interface Connection {
  /** Whether a request ever came. */
  isUsed: boolean;
  /** Those without a whole answer. */
  readonly requests: Set<FastifyRequest>;
}

/**
 * Lets the server end as soon as the requests under way have their answers: no new ones are taken, each
 * connection ends with the answer that it waits for, and connections that never sent a request (browsers open
 * some in advance) are dropped, for Node does not count them as idle.
 */
export default fp(
  (app: FastifyInstance) => {
    let closing = false;
    const connections = new Map<Socket, Connection>();
    app.server.on('connection', (socket: Socket) => {
      connections.set(socket, { isUsed: false, requests: new Set() });
      socket.once('close', () => connections.delete(socket));
    });
    app.server.on('request', ({ socket }: IncomingMessage) => {
      const connection = connections.get(socket);
      if (connection) connection.isUsed = true;
    });

    app.addHook('preClose', (done) => {
      closing = true;
      for (const [socket, { isUsed }] of connections) if (!isUsed) socket.destroy();
      done();
    });
    app.addHook('onRequest', (request, reply, done) => {
      const requests = connections.get(request.raw.socket)?.requests;
      requests?.add(request);
      reply.raw.once('close', () => requests?.delete(request));
      done(closing ? new AppError('not_ready', 'The server is shutting down.') : undefined);
    });
    app.addHook('onSend', (_request, reply, _payload, done) => {
      if (closing) reply.header('connection', 'close');
      done();
    });
    app.decorate('cutRequests', () => {
      for (const [socket, { requests }] of connections) {
        for (const request of requests) logCut(request);
        socket.destroy();
      }
    });
  },
  { name: 'closing' },
);

/** The query stays out of the log: it may hold anything. */
function logCut({ log, method, url, raw: { socket } }: FastifyRequest): void {
  const { bytesRead, bytesWritten } = socket;
  log.warn(
    { method, path: url.split('?', 1)[0], connection: { bytesRead, bytesWritten } },
    'request cut: the server ends',
  );
}
