import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { hasBody } from '../connections.js';
import { dropRest } from '../upload/drop-rest.js';

const stillRead = new WeakSet<IncomingMessage>();

/** Says that a route reads the body while it sends the answer. The route has to drop what it does not read. */
export function readWhileAnswering(request: IncomingMessage): void {
  stillRead.add(request);
}

/**
 * Limits how much is read of a body that is not needed: the request was refused, or its route takes no body. Node would read
 * all of it. The answer is sent at once but ends only after the body. With `Connection: close` Node closes the connection
 * after the answer, and a client that is still sending would get a reset instead of the answer.
 */
export default fp(
  (app: FastifyInstance) => {
    app.addHook('onSend', ({ raw }, reply, payload, done) => {
      if (!hasBody(raw) || raw.complete || stillRead.has(raw)) {
        done();
        return;
      }
      const dropped = dropRest(raw);
      if (typeof payload !== 'string') {
        done();
        return;
      }
      reply.header('content-length', Buffer.byteLength(payload));
      done(null, Readable.from(endAfter(payload, dropped), { objectMode: false }));
    });
  },
  { name: 'unread-body' },
);

/** Yields the text at once, and ends when the promise resolves. */
async function* endAfter(text: string, end: Promise<void>): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
  await end;
}
