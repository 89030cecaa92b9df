import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { dropRest } from '../upload/drop-rest.js';

/**
 * Bounds what is read of a body that is not needed, because the request was refused or its route takes no body. Node
 * itself would read it to its end.
 */
export default fp(
  (app: FastifyInstance) => {
    app.addHook('onSend', ({ raw, headers }, _reply, _payload, done) => {
      const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
      if (hasBody) dropRest(raw);
      done();
    });
  },
  { name: 'unread-body' },
);
