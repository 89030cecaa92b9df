import { Command, CommanderError } from 'commander';
import type { ExitCode, RunCommand } from './command.js';

interface ProgramCommand {
  name: string;
  summary: string;
  /** Loads the code of the command. Each command loads its own only, so that `--help` is fast. */
  load: () => Promise<{ run: RunCommand }>;
}

const commands: readonly ProgramCommand[] = [
  {
    name: 'classify',
    summary: 'label log lines of files or of standard input, without a server',
    load: () => import('./classify/classify.js'),
  },
  {
    name: 'explain',
    summary: 'say how the label of a line comes about',
    load: () => import('./explain.js'),
  },
  { name: 'serve', summary: 'start the server and its page', load: () => import('./serve.js') },
  { name: 'train', summary: 'train a head on your own labelled lines', load: () => import('./train.js') },
  {
    name: 'evaluate',
    summary: 'measure the classifier on a labelled CSV, and write a report',
    load: () => import('./evaluate.js'),
  },
  {
    name: 'exam',
    summary: 'measure the classifier on all labelled files of some folders',
    load: () => import('./exam.js'),
  },
  {
    name: 'check-rules',
    summary: 'check the rule file, and show what its rules match',
    load: () => import('./check-rules.js'),
  },
  {
    name: 'training-data',
    summary: 'generate the shipped training lines from resources/training/',
    load: () => import('./training-data.js'),
  },
];

const EXAMPLES = `
Examples:
  log-classifier classify app.log                        label a file
  kubectl logs -f web | log-classifier classify          label lines as they come
  log-classifier serve --port 9000                       start the server
  log-classifier classify --help                         show the options of a command

Settings come from the environment and the file .env, as for the server.`;

/** Runs a command of the program. Returns its exit code; 2 if there is no such command. */
export async function runProgram(args: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = args;
  const command = commands.find((each) => each.name === name);
  if (command === undefined) return await showHelp(args);
  const { run } = await command.load();
  return await run(rest);
}

/** Shows the help or the version, or says what is wrong with the arguments. */
async function showHelp(args: readonly string[]): Promise<ExitCode> {
  const { version } = await import('../config.js');
  const program = new Command('log-classifier')
    .description('Labels log lines from many systems.')
    .version(version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .exitOverride();
  for (const command of commands) {
    // Commands show their help themselves.
    program.command(command.name).summary(command.summary).usage('[options]');
  }
  try {
    program.parse(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}
