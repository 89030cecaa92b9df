import { openClassifier } from '../classifier/open.js';
import type { Logger } from '../classifier/types.js';
import type { Config } from '../config.js';
import type { EvaluateSettings } from './evaluate-run.js';

/** JSON has no form for an error. */
const readable = (_: string, value: unknown): unknown => (value instanceof Error ? value.message : value);
const log = (details: object, message: string): void =>
  console.error(message, JSON.stringify(details, readable));
/** Drops info lines: they are for the log of a server. */
const logger: Logger = { info: () => undefined, warn: log, error: log };

/** Returns a function that opens the classifier to measure, with the settings of the server. */
export function measuredClassifier(config: Config): EvaluateSettings['openClassifier'] {
  return ({ head, llm }) =>
    openClassifier({ ...config, headFile: head ?? config.headFile }, { logger, llm, watch: false });
}
