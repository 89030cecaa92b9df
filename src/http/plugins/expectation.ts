import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { AppError } from '../../errors.js';

/** Refuses a request with an Expect header that is not 100-continue in our own form; Node would send a bare 417. */
export default fp(
  (app: FastifyInstance) => {
    const refused = new WeakSet<IncomingMessage>();
    app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      refused.add(request);
      app.server.emit('request', request, response);
    });
    app.addHook('onRequest', (request, _reply, done) => {
      if (!refused.has(request.raw)) done();
      else done(new AppError('expectation_failed', 'The only Expect header that is taken is 100-continue.'));
    });
  },
  { name: 'expectation' },
);
