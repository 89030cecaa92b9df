import { existsSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { buildApp } from './app.js';
import { makeFolder } from './files/make-folder.js';
import { Corrections } from './classifier/corrections/corrections.js';
import { correctionsFileIn } from './classifier/corrections/corrections-file.js';
import { openClassifier, type OpenClassifier } from './classifier/open.js';
import { ConfigError, loadConfig, version, type Config } from './config.js';
import { AppError } from './errors.js';
import type { Readiness } from './http/schemas/health.js';
import { Jobs } from './jobs/jobs.js';
import { createJobStore } from './jobs/store/store.js';
import { createReadOptions } from './pipeline/read-options.js';
import { connectionsWithin } from './open-files.js';
import { folderProblem, checkFolder } from './files/temporary-folder.js';
import type { Shutdown } from './shutdown.js';

/** Redacted in the log, wherever an error or a request object contains them. */
const SECRETS = ['req.headers.authorization', 'err.headers.authorization', 'groqApiKey', '*.apiKey'];

/**
 * Starts the server with the settings of an environment. Resolves when it listens.
 * @param shutdown receives the server while it is still starting, so that a signal can stop the start
 * @param openFiles the most files and connections that the process may have open
 * @throws ConfigError; the errors of openClassifier; errors of the system, such as a port in use
 */
export async function serve(
  env: Parameters<typeof loadConfig>[0],
  shutdown: Shutdown,
  openFiles: number,
): Promise<void> {
  const wanted = loadConfig(env);
  const config = { ...wanted, maxConnections: Math.min(wanted.maxConnections, connectionsWithin(openFiles)) };
  await checkFolders(config);
  const logger = pino({ level: config.logLevel, redact: SECRETS });
  const { maxConnections } = config;
  if (maxConnections < wanted.maxConnections)
    logger.warn({ maxConnections, openFiles }, 'MAX_CONNECTIONS was lowered to fit the limit on open files');
  const opening = open(config, logger);
  shutdown.watch({
    logger,
    closeTimeoutMs: config.closeTimeoutMs,
    close: async () => (await opening).app.close(),
    abortRequests: async () => (await opening).app.abortRequests(),
    stopInference: async () => (await opening).classifier.encoder.close(),
  });
  const { classifier } = await opening;
  if (!classifier.llm)
    logger.info(
      { sources: config.llmSources },
      'GROQ_API_KEY is not set: rules and embedding label the lines of these sources',
    );
}

async function open(config: Config, logger: FastifyBaseLogger) {
  const corrections = await openCorrections(config, logger);
  const classifier = await openClassifier(config, { logger, llm: true, watch: true, corrections });
  const jobs = config.jobs === 'on' ? await openJobs(config, classifier, logger) : undefined;
  const app = await buildApp(config, {
    classifier,
    jobs,
    corrections,
    catalogue: () => classifier.possibleLabels,
    logger,
    readiness: () => readinessOf(config, classifier),
  });
  app.addHook('onClose', async () => {
    await jobs?.jobs.close();
    await classifier.close();
  });
  await app.listen({ host: config.host, port: config.port });
  return { classifier, app };
}

/** Opens the corrections in DATA_DIR, unless they are off. @throws CorrectionsFileError */
async function openCorrections(
  { corrections, dataDir }: Config,
  logger: FastifyBaseLogger,
): Promise<Corrections | undefined> {
  if (corrections === 'on') return await Corrections.open(dataDir, { logger });
  const file = correctionsFileIn(dataDir);
  if (existsSync(file))
    logger.warn({ file }, 'corrections are off and do not act; set CORRECTIONS=on to use them');
  return undefined;
}

/** Opens the jobs in DATA_DIR. @throws ConfigError when the folder cannot be used, or another process uses it */
async function openJobs(config: Config, classifier: OpenClassifier, logger: FastifyBaseLogger) {
  const { dataDir } = config;
  const store = createJobStore();
  const readOptions = createReadOptions(config, undefined);
  try {
    const jobs = await Jobs.open(config, { classifier, store, readOptions, productVersion: version, logger });
    return { jobs, store, threshold: () => classifier.head.threshold };
  } catch (error) {
    await store.close();
    await classifier.close();
    const { message } = error as Error;
    throw new ConfigError(
      /could not set lock|conflicting lock/i.test(message)
        ? `DATA_DIR: another process uses ${dataDir}. Stop it, or set DATA_DIR to another folder.`
        : `DATA_DIR: ${dataDir} cannot be used (${message}). Set DATA_DIR to a folder in which the server may create files, or set JOBS=off.`,
    );
  }
}

/** Returns the state of the server. @throws AppError `not_ready` when uploads would fail */
async function readinessOf({ spoolDir }: Config, classifier: OpenClassifier): Promise<Readiness> {
  const problem = await folderProblem(spoolDir);
  if (problem !== undefined) throw new AppError('not_ready', `SPOOL_DIR is not writable: ${problem}.`);
  const { version, encoder, head, rules, llm } = classifier;
  return {
    status: 'ready',
    version,
    encoder: encoder.id,
    head: head.version,
    rules: { version: rules.version, count: rules.rules.length },
    llm,
  };
}

/** Reports unusable folders at the start. Otherwise the first large answer would fail. */
async function checkFolders({ spoolDir, cacheDir }: Config): Promise<void> {
  await checkFolder(spoolDir).catch(rethrowFor('SPOOL_DIR', spoolDir));
  if (cacheDir === undefined) return;
  // Created here, because operators may delete the cache at any time.
  await makeFolder(cacheDir).catch(rethrowFor('CACHE_DIR', cacheDir));
  await checkFolder(cacheDir).catch(rethrowFor('CACHE_DIR', cacheDir));
}

function rethrowFor(variable: string, dir: string): (error: unknown) => never {
  return (error) => {
    throw new ConfigError(
      `${variable}: ${dir} is not writable (${String(error)}). Set ${variable} to a folder in which the server may create files.`,
    );
  };
}
