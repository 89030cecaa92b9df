import type { RunCommand } from './command.js';
import { runExam } from './exam-run.js';
import { measuredClassifier } from './measured-classifier.js';
import { withConfig } from './terminal.js';

/** `log-classifier exam` */
export const run: RunCommand = (args) =>
  withConfig((config, terminal) => {
    const { maxCellChars } = config;
    return runExam(args, { maxCellChars, openClassifier: measuredClassifier(config) }, terminal);
  });
