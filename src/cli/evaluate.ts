import type { RunCommand } from './command.js';
import { runEvaluate } from './evaluate-run.js';
import { measuredClassifier } from './measured-classifier.js';
import { withConfig } from './terminal.js';

/** `log-classifier evaluate` */
export const run: RunCommand = (args) =>
  withConfig((config, terminal) => {
    const { maxCellChars } = config;
    const settings = { maxCellChars, now: () => new Date(), openClassifier: measuredClassifier(config) };
    return runEvaluate(args, settings, terminal);
  });
