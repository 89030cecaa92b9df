import { openClassifier } from '../classifier/open.js';
import type { Config } from '../config.js';
import { errorLogger as logger } from './error-logger.js';
import type { EvaluateSettings } from './evaluate-run.js';

/** Returns a function that opens the classifier to measure, with the settings of the server. */
export function measuredClassifier(config: Config): EvaluateSettings['openClassifier'] {
  return ({ head, llm }) =>
    openClassifier({ ...config, headFile: head ?? config.headFile }, { logger, llm, watch: false });
}
