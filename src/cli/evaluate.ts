import { openClassifier } from '../classifier/open.js';
import type { Logger } from '../classifier/types.js';
import { runEvaluate } from './evaluate-run.js';
import { main } from './main.js';

/** JSON has no form for an error. */
const readable = (_: string, value: unknown): unknown => (value instanceof Error ? value.message : value);
const log = (details: object, message: string): void =>
  console.error(message, JSON.stringify(details, readable));
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
