import closeWithGrace from 'close-with-grace';
import { configDotenv } from 'dotenv';
import { pino } from 'pino';
import { buildApp } from './app.js';
import { openClassifier } from './classifier/open.js';
import { loadConfig, type Config } from './config.js';

/** What must never reach the log, should an error or a request object carry it. */
const SECRETS = ['req.headers.authorization', 'err.headers.authorization', 'groqApiKey', '*.apiKey'];

async function start(config: Config): Promise<void> {
  const logger = pino({ level: config.logLevel, redact: SECRETS });
  const classifier = await openClassifier(config, { logger, llm: true, watch: true });
  const { head, encoder, rules, llm, catalogue } = classifier;
  const app = await buildApp(config, {
    classifier,
    catalogue,
    logger,
    readiness: () => ({
      status: 'ready',
      encoder: encoder.id,
      head: head.version,
      rules: { version: rules.current.version, count: rules.current.rules.length },
      llm,
    }),
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
  // Before there is a logger, and for whoever started it by hand: the sentence, not the stack.
  const sentence = error instanceof Error && error.name !== 'Error' ? error.message : error;
  console.error('The server could not start.', sentence);
  process.exit(1);
}
