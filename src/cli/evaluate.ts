import { openClassifier } from '../classifier/open.js';
import type { Logger } from '../classifier/types.js';
import { runEvaluate } from './evaluate-run.js';
import { main } from './main.js';

const log = (details: object, message: string): void => console.error(message, JSON.stringify(details));
/** Drops info lines: they are for the log of a server. */
const logger: Logger = { info: () => undefined, warn: log, error: log };

await main((args, config, terminal) =>
  runEvaluate(
    args,
    {
      maxCellChars: config.maxCellChars,
      now: () => new Date(),
      openClassifier: ({ head, llm }) =>
        openClassifier({ ...config, headFile: head ?? config.headFile }, { logger, llm, watch: false }),
    },
    terminal,
  ),
);
