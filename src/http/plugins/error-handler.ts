import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { AppError } from '../../errors.js';
import { HOW_TO_SEND } from '../how-to-send.js';
import { prefersHtml } from '../accept.js';
import { toAppError } from '../library-errors.js';
import { problemPage } from '../problem.js';
import { PROBLEM_TYPE, toProblem } from '../problem.js';
import { pathOf } from '../request-log.js';
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
  if (error.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  const problem = toProblem(error, request.id);
  // Serialised here: the route's own serializer is for its answers, and may know no schema for this status.
  reply.status(error.status).serializer((text: string) => text);
  if (prefersHtml(request.headers.accept)) {
    await reply.type('text/html; charset=utf-8').send(problemPage(problem));
  } else {
    await reply.type(PROBLEM_TYPE).send(JSON.stringify(problem));
  }
}
