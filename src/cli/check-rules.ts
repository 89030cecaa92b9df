import { runCheckRules } from './check-rules-run.js';
import type { RunCommand } from './command.js';
import { withConfig } from './terminal.js';

/** `log-classifier check-rules` */
export const run: RunCommand = (args) =>
  withConfig((config, terminal) => runCheckRules(args, config, terminal));
