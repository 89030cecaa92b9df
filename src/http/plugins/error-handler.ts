import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { AppError } from '../../errors.js';
import { prefersHtml } from '../accept.js';
import { toAppError } from '../library-errors.js';
import { problemPage } from '../pages/problem-page.js';
import { PROBLEM_TYPE, toProblem } from '../problem.js';
import { pathOf } from '../request-log.js';
import { HOW_TO_SEND } from '../upload/content-type.js';

/** Sent as Retry-After with every 503. */
const RETRY_AFTER_SECONDS = 2;

/**
 * Converts every error to an answer. Clients get the full message of their own errors. For errors of the server they get a
 * fixed text, and the log gets one line with the cause.
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
        throw new AppError(
          'not_found',
          'There is no page or API at this address. /docs lists all addresses.',
        );
      }
      reply.header('allow', allowed.join(', '));
      throw new AppError('method_not_allowed', allowedMethods(request.method, allowed));
    });
  },
  { name: 'error-handler', dependencies: ['known-routes'] },
);

/** Returns the detail for a method that is not allowed. A person who opened POST /classify in a browser needs the page. */
function allowedMethods(method: string, allowed: readonly string[]): string {
  const methods = `This address supports ${allowed.join(' and ')}, not ${method}.`;
  if (!allowed.includes('POST')) return methods;
  return `${methods} To label a file in a browser, open the upload page at /. ${HOW_TO_SEND}`;
}

async function sendProblem(error: AppError, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (error.status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  const problem = toProblem(error, request.id);
  // The route's serializer may have no schema for this status.
  reply.status(error.status).serializer((text: string) => text);
  if (prefersHtml(request.headers.accept)) {
    await reply.type('text/html; charset=utf-8').send(problemPage(problem));
  } else {
    await reply.type(PROBLEM_TYPE).send(JSON.stringify(problem));
  }
}
