import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { hasBody } from '../connections.js';
import { dropRest } from '../upload/drop-rest.js';

/**
 * Bounds what is read of a body that is not needed, because the request was refused or its route takes no body. Node
 * itself would read it to its end. The answer is sent at once, but ends only when the body has: Node closes a
 * connection of `Connection: close` at the end of the answer, and a client that is still sending would get a reset and
 * lose the answer.
 */
export default fp(
  (app: FastifyInstance) => {
    app.addHook('onSend', ({ raw }, reply, payload, done) => {
      if (!hasBody(raw) || raw.complete) {
        done();
        return;
      }
      const dropped = dropRest(raw);
      if (typeof payload !== 'string') {
        done();
        return;
      }
      reply.header('content-length', Buffer.byteLength(payload));
      done(null, Readable.from(endingWith(payload, dropped), { objectMode: false }));
    });
  },
  { name: 'unread-body' },
);

/** The whole text at once, and its end with the promise. */
async function* endingWith(text: string, end: Promise<void>): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
  await end;
}
