import { runCommand, type RunCommand } from '../command.js';
import { parseCommand } from '../options.js';
import { withConfig } from '../terminal.js';
import { checkedOptions, defineClassify } from './classify-options.js';
import { OutputClosed } from './command-output.js';
import { Interrupted, Interrupts } from './interrupt.js';

/** `log-classifier classify` */
export const run: RunCommand = async (args) => {
  const command = parseCommand(args, defineClassify);
  if (typeof command === 'number') return command;
  // Its errors come as results of writes.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return await withConfig((config) =>
    runCommand({
      usage: `Run ${command.name()} --help for the options and examples.`,
      args: [],
      parse: () => checkedOptions(command, process.stdout.isTTY),
      work: async (options) => {
        // Loaded after the arguments are known to be right: it loads the encoder's library.
        const { labelFiles } = await import('./label-files.js');
        await interruptible((interrupts) => labelFiles(options, config, interrupts));
      },
      showError: (text) => process.stderr.write(`${text}\n`),
    }),
  );
};

/** Does the work until a signal ends it, or the reader of the output wants no more. Both are no errors. */
async function interruptible(work: (interrupts: Interrupts) => Promise<void>): Promise<void> {
  const interrupts = new Interrupts();
  try {
    await work(interrupts);
  } catch (error) {
    if (error instanceof Interrupted) interrupts.dieBy(error.signal);
    else if (!(error instanceof OutputClosed)) throw error;
  } finally {
    interrupts.close();
    // A read of a pipe may be pending.
    process.stdin.destroy();
  }
}
