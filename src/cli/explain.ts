import { text } from 'node:stream/consumers';
import { openClassifier } from '../classifier/open.js';
import { explanationJson } from '../pipeline/explanation-json.js';
import { runCommand, UsageError, type RunCommand } from './command.js';
import { errorLogger } from './error-logger.js';
import { explanationText } from './explanation-text.js';
import { parseCommand } from './options.js';
import { withConfig } from './terminal.js';

const EXAMPLES = `
MESSAGE is one log line. Without it, or for "-", the line is read from standard input. The LLM is
not asked: the explanation says what would be sent to it.

Examples:
  log-classifier explain 'Disk array controller 2 is offline'
  tail -1 app.log | log-classifier explain --json`;

/** `log-classifier explain`: says how the label of a line comes about. */
export const run: RunCommand = async (args) => {
  const command = parseCommand(args, (defined) =>
    defined
      .name('log-classifier explain')
      .description('Says how the label of a line comes about.')
      .argument('[MESSAGE]', 'the log line')
      .option('--source <NAME>', 'the source of the line', '')
      .option('--json', 'print JSON, as POST /explain answers')
      .addHelpText('after', EXAMPLES),
  );
  if (typeof command === 'number') return command;
  const [message = '-'] = command.args;
  const { source, json = false } = command.opts<{ source: string; json?: boolean }>();
  return await withConfig((config, { out }) =>
    runCommand({
      usage: 'Run log-classifier explain --help for the options and examples.',
      args: [],
      parse: () => {
        if (message === '-' && process.stdin.isTTY) throw new UsageError('MESSAGE is missing.');
        return { source };
      },
      work: async (record) => {
        const line = message === '-' ? (await text(process.stdin)).replace(/\r?\n$/, '') : message;
        const classifier = await openClassifier(config, { logger: errorLogger, llm: true, watch: false });
        try {
          const explained = explanationJson(await classifier.explain({ ...record, message: line }));
          out(json ? JSON.stringify(explained, null, 2) : explanationText(explained).trimEnd());
        } finally {
          await classifier.close();
        }
      },
      showError: (sentence) => process.stderr.write(`${sentence}\n`),
    }),
  );
};
