import { Readable } from 'node:stream';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { AppError } from '../../errors.js';
import { HOW_TO_SEND } from '../how-to-send.js';
import { prefersHtml } from '../accept.js';
import { toAppError } from '../library-errors.js';
import { problemPage } from '../problem-page.js';
import { PROBLEM_TYPE, toProblem } from '../problem.js';
import { pathOf } from '../request-log.js';
import { DROP_LIMITS, dropRest } from '../upload/drop-rest.js';
import { RETRY_AFTER_SECONDS } from '../upload/gate.js';

/**
 * Turns every error into an answer in one place. Clients are told what they did in full; of our own failures
 * they get a fixed text, and the log one line with the cause.
 */
export default fp(
  (app: FastifyInstance) => {
    app.setErrorHandler(async (error: FastifyError | AppError, request, reply) => {
      const known = toAppError(error);
      if (known.status >= 500 && known.status !== 503) {
        request.log.error({ err: known.cause ?? error, code: known.code }, 'request failed');
      } else {
        request.log.info({ code: known.code }, 'request refused');
      }
      await sendProblem(known, request, reply);
    });
    app.setNotFoundHandler(async (request, reply) => {
      const allowed = app.methodsOf(pathOf(request.url));
      if (allowed.length === 0) {
        throw new AppError('not_found', 'The addresses are listed at /docs.');
      }
      reply.header('allow', allowed.join(', '));
      throw new AppError('method_not_allowed', adviceFor(request.method, allowed));
    });
  },
  { name: 'error-handler', dependencies: ['known-routes'] },
);

/** What to do at an address that does not take the method. Whoever opens it in a browser wants the upload page. */
function adviceFor(method: string, allowed: readonly string[]): string {
  const methods = `This address takes ${allowed.join(' or ')}, not ${method}.`;
  if (!allowed.includes('POST')) return methods;
  return `${methods} To label a file in a browser, open the upload page at /. ${HOW_TO_SEND}`;
}

async function sendProblem(error: AppError, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const isWhole = request.raw.complete;
  const dropped = dropRest(request.raw, DROP_LIMITS);
  if (error.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  const problem = toProblem(error, request.id);
  const isHtml = prefersHtml(request.headers.accept);
  const text = isHtml ? problemPage(problem) : JSON.stringify(problem);
  reply.status(error.status).type(isHtml ? 'text/html; charset=utf-8' : PROBLEM_TYPE);
  reply.header('content-length', Buffer.byteLength(text));
  // Serialised here: the route's own serializer is for its answers, and may know no schema for this status.
  reply.serializer((answer: string) => answer);
  await reply.send(isWhole ? text : Readable.from(endingWith(text, dropped), { objectMode: false }));
}

/**
 * The whole text at once, and its end with the promise. Node closes a connection of `Connection: close` at the end of
 * the answer; a client that is still sending would then get a reset, and lose the answer.
 */
async function* endingWith(text: string, end: Promise<void>): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
  await end;
}
