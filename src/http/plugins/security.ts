import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { answerHeaders } from '../answer-headers.js';

/** Sets security headers and request id on every answer. Register it before plugins that refuse requests. */
export default fp(
  (app: FastifyInstance) => {
    app.addHook('onRequest', (request, reply, done) => {
      reply.headers(answerHeaders(request.id));
      done();
    });
  },
  { name: 'security' },
);
