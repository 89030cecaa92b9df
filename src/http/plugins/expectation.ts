import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { AppError } from '../../errors.js';

/** Refuses an Expect header other than 100-continue with a problem. Node would send a 417 without a body. */
export default fp(
  (app: FastifyInstance) => {
    const refused = new WeakSet<IncomingMessage>();
    app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      refused.add(request);
      app.server.emit('request', request, response);
    });
    app.addHook('onRequest', (request, _reply, done) => {
      if (!refused.has(request.raw)) done();
      else done(new AppError('expectation_failed', 'The server supports only "Expect: 100-continue".'));
    });
  },
  { name: 'expectation' },
);
