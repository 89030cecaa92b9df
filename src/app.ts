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
import type { Corrections } from './classifier/corrections/corrections.js';
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
import { correctionRoutes } from './http/routes/corrections.js';
import { jobResultRoutes } from './http/routes/job-results.js';
import { jobRoutes } from './http/routes/jobs.js';
import { Answers } from './jobs/answers.js';
import type { Jobs } from './jobs/jobs.js';
import type { JobStore } from './jobs/store/store.js';
import { createReadOptions } from './pipeline/read-options.js';
import { explainRoutes } from './http/routes/explain.js';
import { healthRoutes } from './http/routes/health.js';
import { inspectRoutes } from './http/routes/inspect.js';
import { labelRoutes } from './http/routes/labels.js';
import { pageSettingsRoutes } from './http/routes/page-settings.js';
import { answerHeaders } from './http/answer-headers.js';
import { answerBrokenRequest } from './http/broken-requests.js';
import { createBoundedServer, type ConnectionLimits } from './http/connections.js';
import { PROBLEM_TYPE, toProblem } from './http/problem.js';
import { requestIdOf } from './http/request-id.js';
import { withoutQueries } from './http/request-log.js';
import type { Readiness } from './http/schemas/health.js';
import { dropRest } from './http/upload/drop-rest.js';
import { FORM_LIMITS } from './http/upload/upload.js';
import { UploadSlots } from './http/upload/upload-slots.js';

/** How long a connection may be idle. Longer than the minute after which proxies close theirs. */
const KEEP_ALIVE_MS = 72_000;

/**
 * An answer may be this many times longer behind its minimum rate than an upload. The operating system buffers megabytes
 * and accepts more only when the client has read a large part of them. At a few kB per second that takes minutes.
 */
const ANSWER_BEHIND_FACTOR = 10;

/** Dependencies of the application. The caller opens them, and closes them after the application. */
export interface AppParts {
  classifier: Classifier;
  /** Returns the labels that lines can get now. They change with the head and the rules. */
  catalogue: () => LabelCatalogue;
  /** Returns the state of the server. @throws AppError `not_ready` when uploads would fail */
  readiness: () => Readiness | Promise<Readiness>;
  logger?: FastifyBaseLogger;
  /** Jobs, their store, and the threshold of the head in use; without them the server has no jobs. */
  jobs?: { jobs: Jobs; store: JobStore; threshold: () => number } | undefined;
  /** Labels that people gave to templates; without them, their routes refuse every call. */
  corrections?: Corrections | undefined;
  /** Opens temporary files. Tests replace it to simulate a full disk. */
  openSpoolFile?: ClassifyOptions['openSpoolFile'];
}

/** Builds the application with plugins and routes in this order. Does not listen or read the environment. */
export async function buildApp(config: Config, parts: AppParts): Promise<FastifyInstance> {
  const app = fastify({
    ...(parts.logger ? { loggerInstance: withoutQueries(parts.logger) } : { logger: false }),
    genReqId: requestIdOf,
    serverFactory: (handler) => createBoundedServer(handler, serverOptions(config), connectionLimits(config)),
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: answerInvalidUrl,
    // The closing plugin sends a problem instead.
    return503OnClosing: false,
    // Current requests may finish; idle connections are closed.
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Routes read their bodies as streams themselves.
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
  await app.register(page, { dir: publicDir, setsOwner: parts.jobs !== undefined });
  const slots = new UploadSlots(config.maxConcurrentUploads);
  const uploads = { config, slots, openSpoolFile: parts.openSpoolFile };
  await app.register(classifyRoutes, { ...uploads, classifier: parts.classifier });
  await app.register(inspectRoutes, uploads);
  if (parts.jobs) {
    const { jobs, store, threshold } = parts.jobs;
    const readOptions = createReadOptions(config, parts.openSpoolFile);
    const answers = new Answers(store, readOptions, (id) => jobs.countBytes(id));
    await app.register(jobRoutes, { ...uploads, jobs });
    const { catalogue } = parts;
    await app.register(jobResultRoutes, { jobs, answers, store, catalogue, threshold });
  }
  await app.register(explainRoutes, { ...uploads, classifier: parts.classifier });
  await app.register(correctionRoutes, {
    ...uploads,
    corrections: parts.corrections,
    catalogue: parts.catalogue,
  });
  await app.register(labelRoutes, { catalogue: parts.catalogue });
  await app.register(pageSettingsRoutes, { config });
  await app.register(healthRoutes, { readiness: parts.readiness });
  return app;
}

/**
 * Whether a part of a form is a file. The parser reports `filename=""` as undefined, so the media type counts too.
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
    // Node would apply the larger of the two to the complete request.
    headersTimeout: Math.min(config.headersTimeoutMs, config.uploadTimeoutMs),
    // Node would answer a request without Host before our plugins. They send a problem.
    requireHostHeader: false,
    // The default of 30 s would make both timeouts imprecise.
    connectionsCheckingInterval: 1000,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
}

function connectionLimits(config: Config): ConnectionLimits {
  return {
    maxConnections: config.maxConnections,
    answerRate: {
      minBytesPerS: config.uploadMinBytesPerS,
      maxBehindMs: ANSWER_BEHIND_FACTOR * config.uploadIdleTimeoutMs,
    },
    answerTimeoutMs: config.answerTimeoutMs,
  };
}

/** Answers a request whose URL cannot be decoded, such as /%. Fastify calls it before any route or hook. */
function answerInvalidUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(new AppError('request_invalid', error.message), request.id);
  // The unread-body plugin does not run here.
  void dropRest(request.raw);
  void reply
    .status(problem.status)
    .headers(answerHeaders(request.id))
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problem));
}
