import closeWithGrace from 'close-with-grace';
import { configDotenv } from 'dotenv';
import { pino } from 'pino';
import { buildApp } from './app.js';
import { makeFolder } from './classifier/make-folder.js';
import { openClassifier } from './classifier/open.js';
import { ConfigError, loadConfig, type Config } from './config.js';
import { AppError } from './errors.js';
import { folderProblem, tryFolder } from './pipeline/temporary-folder.js';

/** What must never reach the log, should an error or a request object carry it. */
const SECRETS = ['req.headers.authorization', 'err.headers.authorization', 'groqApiKey', '*.apiKey'];

/** Better to know now than at the first answer that is too large for memory. */
async function checkFolders({ spoolDir, cacheDir }: Config): Promise<void> {
  await tryFolder(spoolDir).catch(refusal('SPOOL_DIR', spoolDir));
  if (cacheDir === undefined) return;
  // It may only hold what can be made again, so it may be made too.
  await makeFolder(cacheDir).catch(refusal('CACHE_DIR', cacheDir));
  await tryFolder(cacheDir).catch(refusal('CACHE_DIR', cacheDir));
}

/** @throws AppError `not_ready` when uploads would fail */
async function checkReady({ spoolDir }: Config): Promise<void> {
  const problem = await folderProblem(spoolDir);
  if (problem !== undefined) throw new AppError('not_ready', `SPOOL_DIR cannot be written to: ${problem}.`);
}

function refusal(variable: string, dir: string): (error: unknown) => never {
  return (error) => {
    throw new ConfigError(`${variable}: ${dir} cannot be written to (${String(error)}).`);
  };
}

async function start(config: Config): Promise<void> {
  await checkFolders(config);
  const logger = pino({ level: config.logLevel, redact: SECRETS });
  const classifier = await openClassifier(config, { logger, llm: true, watch: true });
  const { encoder, llm } = classifier;
  const app = await buildApp(config, {
    classifier,
    catalogue: () => classifier.catalogue,
    logger,
    readiness: async () => {
      await checkReady(config);
      return {
        status: 'ready',
        encoder: encoder.id,
        head: classifier.head.version,
        rules: { version: classifier.rules.version, count: classifier.rules.rules.length },
        llm,
      };
    },
  });
  app.addHook('onClose', () => classifier.close());
  closeWithGrace({ delay: config.closeTimeoutMs, logger }, async ({ signal, err }) => {
    if (err) logger.error({ err }, 'the process ends because of an error');
    else logger.info({ signal }, 'closing: uploads under way may end');
    await app.close();
  });
  await app.listen({ host: config.host, port: config.port });
  if (!llm) logger.info({ sources: config.llmSources }, 'no GROQ_API_KEY: these go to rules and embeddings');
}

try {
  configDotenv({ quiet: true });
  await start(loadConfig(process.env));
} catch (error) {
  // Whoever started it by hand wants a sentence; the stack is for what nobody foresaw.
  console.error('The server could not start.', isForeseen(error) ? error.message : error);
  process.exit(1);
}

/** Our own complaints have names of their own; the system's, such as a port in use, name their call. */
function isForeseen(error: unknown): error is Error {
  const builtIn = ['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'];
  return error instanceof Error && ('syscall' in error || !builtIn.includes(error.name));
}
