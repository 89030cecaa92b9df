import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { AppError } from '../../errors.js';

/**
 * Lets the server end as soon as the requests under way have their answers: no new ones are taken, each
 * connection ends with the answer that it waits for, and connections that never sent a request (browsers open
 * some in advance) are dropped, for Node does not count them as idle.
 */
export default fp(
  (app: FastifyInstance) => {
    let closing = false;
    const unused = new Set<Socket>();
    app.server.on('connection', (socket: Socket) => {
      unused.add(socket);
      socket.once('close', () => unused.delete(socket));
    });
    app.server.on('request', ({ socket }: IncomingMessage) => unused.delete(socket));

    app.addHook('preClose', (done) => {
      closing = true;
      for (const socket of unused) socket.destroy();
      done();
    });
    app.addHook('onRequest', (_request, _reply, done) => {
      done(closing ? new AppError('not_ready', 'The server is shutting down.') : undefined);
    });
    app.addHook('onSend', (_request, reply, _payload, done) => {
      if (closing) reply.header('connection', 'close');
      done();
    });
  },
  { name: 'closing' },
);
