import type { ServerOptions } from 'node:http';
import multipart from '@fastify/multipart';
import {
  fastify,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { LabelCatalogue } from './classifier/labels.js';
import type { Classifier } from './classifier/types.js';
import { publicDir, type Config } from './config.js';
import { AppError } from './errors.js';
import allowedHosts from './http/plugins/allowed-hosts.js';
import closing from './http/plugins/closing.js';
import crossSite from './http/plugins/cross-site.js';
import docs from './http/plugins/docs.js';
import errorHandler from './http/plugins/error-handler.js';
import expectation from './http/plugins/expectation.js';
import knownRoutes from './http/plugins/known-routes.js';
import page from './http/plugins/page.js';
import security from './http/plugins/security.js';
import unreadBody from './http/plugins/unread-body.js';
import { classifyRoutes, type ClassifyOptions } from './http/routes/classify.js';
import { healthRoutes } from './http/routes/health.js';
import { labelRoutes } from './http/routes/labels.js';
import { answerHeaders } from './http/answer-headers.js';
import { answerBrokenRequest } from './http/broken-requests.js';
import { createBoundedServer, type ConnectionLimits } from './http/connections.js';
import { PROBLEM_TYPE, toProblem } from './http/problem.js';
import { requestIdOf } from './http/request-id.js';
import { withoutQueries } from './http/request-log.js';
import type { Readiness } from './http/schemas/health.js';
import { dropRest } from './http/upload/drop-rest.js';
import { FORM_LIMITS } from './http/upload/form-limits.js';

/** How long a connection may stay without a request; longer than the minute that proxies keep theirs. */
const KEEP_ALIVE_MS = 72_000;

/**
 * So many times longer than an upload an answer may be behind its pace. The system holds megabytes that the client has
 * not read yet, and takes more only when a good part of them is gone: minutes pass at a few kB a second.
 */
const ANSWER_PATIENCE = 10;

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
    ...(parts.logger ? { loggerInstance: withoutQueries(parts.logger) } : { logger: false }),
    genReqId: requestIdOf,
    serverFactory: (handler) => createBoundedServer(handler, serverOptions(config), connectionLimits(config)),
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
  await app.register(security);
  await app.register(unreadBody);
  await app.register(allowedHosts, config);
  await app.register(crossSite);
  await app.register(expectation);
  await app.register(closing);
  await app.register(docs);
  await app.register(multipart, {
    limits: FORM_LIMITS,
    isPartAFile,
  });
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

/**
 * Whether a part of a form is a file. The parser takes an empty name (`filename=""`) for none, so that a part counts
 * by its type too.
 */
function isPartAFile(
  _field: string | undefined,
  type: string | undefined,
  name: string | undefined,
): boolean {
  return name !== undefined || (type !== undefined && type !== 'text/plain' && type !== 'application/json');
}

function serverOptions(config: Config): ServerOptions {
  return {
    requestTimeout: config.uploadTimeoutMs,
    // Node takes the larger of the two for the whole request where the headers' is the larger.
    headersTimeout: Math.min(config.headersTimeoutMs, config.uploadTimeoutMs),
    // Node would answer a request without Host in its own form.
    requireHostHeader: false,
    // Node looks for late requests every 30 s otherwise, and the two time limits would mean little.
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
}

function connectionLimits(config: Config): ConnectionLimits {
  return {
    maxConnections: config.maxConnections,
    answerPace: {
      minBytesPerS: config.uploadMinBytesPerS,
      maxBehindMs: ANSWER_PATIENCE * config.uploadIdleTimeoutMs,
    },
    answerTimeoutMs: config.answerTimeoutMs,
  };
}

/** Fastify's answer to an address that cannot be decoded, such as /%, before there is a route. */
function answerBadAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(new AppError('request_invalid', error.message), request.id);
  // No hook runs for such a request.
  void dropRest(request.raw);
  void reply
    .status(problem.status)
    .headers(answerHeaders(request.id))
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problem));
}
