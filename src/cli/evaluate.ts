import { configDotenv } from 'dotenv';
import { openClassifier } from '../classifier/open.js';
import type { Logger } from '../classifier/types.js';
import { ConfigError, loadConfig } from '../config.js';
import { runEvaluate } from './evaluate-run.js';

const log = (details: object, message: string): void => console.error(message, JSON.stringify(details));
const logger: Logger = { info: () => undefined, warn: log, error: log };

try {
  configDotenv({ quiet: true });
  const config = loadConfig(process.env);
  const settings = {
    maxCellChars: config.maxCellChars,
    openClassifier: ({ head, llm }: { head: string | undefined; llm: boolean }) =>
      openClassifier({ ...config, headFile: head ?? config.headFile }, { logger, llm, watch: false }),
  };
  const terminal = { out: (line: string) => console.log(line), err: process.stderr };
  process.exitCode = await runEvaluate(process.argv.slice(2), settings, terminal);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
