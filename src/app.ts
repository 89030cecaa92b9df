import multipart from '@fastify/multipart';
import { fastify, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { LabelCatalogue } from './classifier/labels.js';
import type { Classifier } from './classifier/types.js';
import { publicDir, type Config } from './config.js';
import closing from './http/plugins/closing.js';
import docs from './http/plugins/docs.js';
import errorHandler from './http/plugins/error-handler.js';
import knownRoutes from './http/plugins/known-routes.js';
import page from './http/plugins/page.js';
import security from './http/plugins/security.js';
import { classifyRoutes } from './http/routes/classify.js';
import { healthRoutes } from './http/routes/health.js';
import { labelRoutes } from './http/routes/labels.js';
import type { Readiness } from './http/schemas/health.js';

/** What the application works with; the caller opens it and closes it after the application. */
export interface AppParts {
  classifier: Classifier;
  catalogue: LabelCatalogue;
  readiness: () => Readiness;
  logger?: FastifyBaseLogger;
}

/** Builds the application: plugins and routes in the order written. Does not listen and reads no environment. */
export async function buildApp(config: Config, parts: AppParts): Promise<FastifyInstance> {
  const app = fastify({
    ...(parts.logger ? { loggerInstance: parts.logger } : { logger: false }),
    bodyLimit: config.maxJsonBytes,
    requestTimeout: config.uploadTimeoutMs,
    http: { headersTimeout: config.headersTimeoutMs },
    // While closing, what is under way may end; connections that wait for a request need not.
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  await app.register(knownRoutes);
  await app.register(errorHandler);
  await app.register(closing);
  await app.register(security);
  await app.register(docs);
  await app.register(multipart, { limits: { files: 2, fields: 20, fieldSize: 64 * 1024, parts: 22 } });
  await app.register(page, { dir: publicDir });
  await app.register(classifyRoutes, { classifier: parts.classifier, config });
  await app.register(labelRoutes, { catalogue: parts.catalogue });
  await app.register(healthRoutes, { readiness: parts.readiness });
  return app;
}
