import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { prefersHtml } from '../accept.js';
import { readinessPage } from '../pages/readiness-page.js';
import { liveSchema, readySchema, type Readiness } from '../schemas/health.js';
import { pageForBrowsers } from '../schemas/page.js';
import { problemSchema } from '../schemas/problem.js';

/** GET /health/live and /health/ready, for process managers and load balancers. */
export const healthRoutes: FastifyPluginCallbackZod<{
  /** Returns the state of the server. @throws AppError `not_ready` when uploads would fail */
  readiness: () => Readiness | Promise<Readiness>;
}> = (app, { readiness }, done) => {
  app.get(
    '/health/live',
    {
      logLevel: 'warn',
      schema: {
        operationId: 'checkLive',
        tags: ['health'],
        summary: 'Check that the process is running',
        response: { 200: liveSchema },
      },
    },
    () => ({ status: 'live' as const }),
  );
  app.get(
    '/health/ready',
    {
      logLevel: 'warn',
      schema: {
        operationId: 'checkReady',
        tags: ['health'],
        summary:
          'Check that the server can label logs: encoder and head are loaded and SPOOL_DIR is writable',
        response: { 200: readySchema, 503: problemSchema },
      },
      config: { answers: pageForBrowsers },
    },
    async (request, reply) => {
      const ready = await readiness();
      reply.header('vary', 'accept');
      if (!prefersHtml(request.headers.accept)) return ready;
      // A text is sent as it is; the type of the reply allows only what the schema describes.
      return reply.type('text/html; charset=utf-8').send(readinessPage(ready) as never);
    },
  );
  done();
};
