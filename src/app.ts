import multipart from '@fastify/multipart';
import {
  fastify,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
} from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { LabelCatalogue } from './classifier/labels.js';
import type { Classifier } from './classifier/types.js';
import { publicDir, type Config } from './config.js';
import { AppError } from './errors.js';
import closing from './http/plugins/closing.js';
import docs from './http/plugins/docs.js';
import errorHandler from './http/plugins/error-handler.js';
import knownRoutes from './http/plugins/known-routes.js';
import page from './http/plugins/page.js';
import security from './http/plugins/security.js';
import { classifyRoutes, type ClassifyOptions } from './http/routes/classify.js';
import { healthRoutes } from './http/routes/health.js';
import { labelRoutes } from './http/routes/labels.js';
import { answerBrokenRequest } from './http/broken-requests.js';
import { PROBLEM_TYPE, toProblem } from './http/problem.js';
import type { Readiness } from './http/schemas/health.js';

/** What the application works with; the caller opens it and closes it after the application. */
export interface AppParts {
  classifier: Classifier;
  /** The labels of this moment: they change with the head. */
  catalogue: () => LabelCatalogue;
  readiness: () => Readiness | Promise<Readiness>;
  logger?: FastifyBaseLogger;
  /** Opens temporary files; only tests give another, to fill the disk. */
  openSpoolFile?: ClassifyOptions['openSpoolFile'];
}

/** Builds the application: plugins and routes in the order written. Does not listen and reads no environment. */
export async function buildApp(config: Config, parts: AppParts): Promise<FastifyInstance> {
  const app = fastify({
    ...(parts.logger ? { loggerInstance: parts.logger } : { logger: false }),
    requestTimeout: config.uploadTimeoutMs,
    http: {
      requestTimeout: config.uploadTimeoutMs,
      // Node takes the larger of the two for the whole request where the headers' is the larger.
      headersTimeout: Math.min(config.headersTimeoutMs, config.uploadTimeoutMs),
      // Node looks for late requests every 30 s otherwise, and the two time limits would mean little.
      connectionsCheckingInterval: 1000,
    },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: answerBadAddress,
    // The closing plugin answers in our own form.
    return503OnClosing: false,
    // While closing, what is under way may end; connections that wait for a request need not.
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Routes read their bodies themselves, as far as they want them.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, parsed) => parsed(null, payload));

  await app.register(knownRoutes);
  await app.register(errorHandler);
  await app.register(closing);
  await app.register(security);
  await app.register(docs);
  await app.register(multipart, { limits: { files: 10, fields: 50, fieldSize: 64 * 1024, parts: 60 } });
  await app.register(page, { dir: publicDir });
  await app.register(classifyRoutes, {
    classifier: parts.classifier,
    config,
    openSpoolFile: parts.openSpoolFile,
  });
  await app.register(labelRoutes, { catalogue: parts.catalogue });
  await app.register(healthRoutes, { readiness: parts.readiness });
  return app;
}

/** Fastify's answer to an address that cannot be decoded, such as /%, before there is a route. */
function answerBadAddress(error: FastifyError, _request: unknown, reply: FastifyReply): void {
  const problem = toProblem(new AppError('request_invalid', error.message));
  void reply.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}
