import { Command, CommanderError } from 'commander';
import type { ExitCode } from './command.js';

/**
 * Parses the arguments of a command. Shows help on standard output, and what is wrong with an argument on standard error.
 * @param define adds name, options and examples
 * @returns the parsed command, or the exit code if nothing is left to do
 */
export function parseCommand(
  args: readonly string[],
  define: (command: Command) => Command,
): Command | ExitCode {
  const command = define(new Command())
    .helpOption('-h, --help', 'show this help')
    .configureHelp({ helpWidth: 100 })
    .exitOverride();
  command.showHelpAfterError(`Run ${command.name()} --help for the options and examples.`);
  try {
    return command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}
