import type { FastifyBaseLogger } from 'fastify';
import { pino } from 'pino';
import { buildApp } from './app.js';
import { makeFolder } from './files/make-folder.js';
import { openClassifier, type OpenClassifier } from './classifier/open.js';
import { ConfigError, loadConfig, type Config } from './config.js';
import type { Ending } from './ending.js';
import { AppError } from './errors.js';
import type { Readiness } from './http/schemas/health.js';
import { connectionsWithin } from './open-files.js';
import { folderProblem, checkFolder } from './files/temporary-folder.js';

/** What must never reach the log, should an error or a request object carry it. */
const SECRETS = ['req.headers.authorization', 'err.headers.authorization', 'groqApiKey', '*.apiKey'];

/**
 * Starts the server that the variables of an environment describe; resolves when it listens.
 * @param ending is told which server to end before that server has started
 * @param openFiles how many files and connections the process may have open
 * @throws ConfigError and the errors of openClassifier, with a sentence that says what to do; the system's errors
 */
export async function serve(
  env: Parameters<typeof loadConfig>[0],
  ending: Ending,
  openFiles: number,
): Promise<void> {
  const wanted = loadConfig(env);
  const config = { ...wanted, maxConnections: Math.min(wanted.maxConnections, connectionsWithin(openFiles)) };
  await checkFolders(config);
  const logger = pino({ level: config.logLevel, redact: SECRETS });
  const { maxConnections } = config;
  if (maxConnections < wanted.maxConnections)
    logger.warn({ maxConnections, openFiles }, 'MAX_CONNECTIONS is too large for the limit of open files');
  const opening = open(config, logger);
  ending.serves({
    logger,
    closeTimeoutMs: config.closeTimeoutMs,
    close: async () => (await opening).app.close(),
    cutRequests: async () => (await opening).app.cutRequests(),
    stopInference: async () => (await opening).classifier.encoder.close(),
  });
  const { classifier } = await opening;
  if (!classifier.llm)
    logger.info({ sources: config.llmSources }, 'no GROQ_API_KEY: these go to rules and embeddings');
}

async function open(config: Config, logger: FastifyBaseLogger) {
  const classifier = await openClassifier(config, { logger, llm: true, watch: true });
  const app = await buildApp(config, {
    classifier,
    catalogue: () => classifier.catalogue,
    logger,
    readiness: () => readinessOf(config, classifier),
  });
  app.addHook('onClose', () => classifier.close());
  await app.listen({ host: config.host, port: config.port });
  return { classifier, app };
}

/** @throws AppError `not_ready` when uploads would fail */
async function readinessOf({ spoolDir }: Config, classifier: OpenClassifier): Promise<Readiness> {
  const problem = await folderProblem(spoolDir);
  if (problem !== undefined) throw new AppError('not_ready', `SPOOL_DIR cannot be written to: ${problem}.`);
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

/** Without this, a folder that cannot be used would show only at the first answer that needs a file. */
async function checkFolders({ spoolDir, cacheDir }: Config): Promise<void> {
  await checkFolder(spoolDir).catch(refusal('SPOOL_DIR', spoolDir));
  if (cacheDir === undefined) return;
  // What it keeps can be computed again, so it may be deleted at any time and is made anew here.
  await makeFolder(cacheDir).catch(refusal('CACHE_DIR', cacheDir));
  await checkFolder(cacheDir).catch(refusal('CACHE_DIR', cacheDir));
}

function refusal(variable: string, dir: string): (error: unknown) => never {
  return (error) => {
    throw new ConfigError(`${variable}: ${dir} cannot be written to (${String(error)}).`);
  };
}
