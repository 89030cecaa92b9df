import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { liveSchema, readySchema, type Readiness } from '../schemas/health.js';
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
        tags: ['health'],
        summary:
          'Check that the server can label logs: encoder and head are loaded and SPOOL_DIR is writable',
        response: { 200: readySchema, 503: problemSchema },
      },
    },
    () => readiness(),
  );
  done();
};
