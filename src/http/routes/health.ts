import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { liveSchema, readySchema, type Readiness } from '../schemas/health.js';
import { problemSchema } from '../schemas/problem.js';

/** GET /health/live and /health/ready, for whoever restarts the process or sends it work. */
export const healthRoutes: FastifyPluginCallbackZod<{
  /** @throws AppError `not_ready` when uploads would fail */
  readiness: () => Readiness | Promise<Readiness>;
}> = (app, { readiness }, done) => {
  app.get(
    '/health/live',
    {
      logLevel: 'warn',
      schema: { tags: ['health'], summary: 'The process answers', response: { 200: liveSchema } },
    },
    () => ({ status: 'live' as const }),
  );
  app.get(
    '/health/ready',
    {
      logLevel: 'warn',
      schema: {
        tags: ['health'],
        summary: 'The encoder is warm, the head fits it and SPOOL_DIR can be written to: send work',
        response: { 200: readySchema, 503: problemSchema },
      },
    },
    () => readiness(),
  );
  done();
};
