import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { answerHeaders } from '../answer-headers.js';

/** Gives every answer its security headers and the id of its request. Before plugins that may refuse a request. */
export default fp(
  (app: FastifyInstance) => {
    app.addHook('onRequest', (request, reply, done) => {
      reply.headers(answerHeaders(request.id));
      done();
    });
  },
  { name: 'security' },
);
