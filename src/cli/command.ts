import { EncoderError } from '../classifier/embedding/encoder.js';
import { HeadFileError } from '../classifier/embedding/head.js';
import { LabelFileError } from '../classifier/labels.js';
import { RuleFileError } from '../classifier/rules/rule-file.js';
import { AppError } from '../errors.js';
import { DataError } from '../labelled-data/labelled-rows.js';

/** 0 for done, 1 for files that cannot be used, 2 for wrong arguments. */
export type ExitCode = 0 | 1 | 2;

/** The arguments are wrong; the message says which and why. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** A command line: its arguments become options, with which the work is done. */
export interface Command<Options> {
  usage: string;
  args: readonly string[];
  /** @throws UsageError, or what node:util's parseArgs throws */
  parse: () => Options;
  work: (options: Options) => Promise<void>;
  /** Shows a problem to the person at the terminal. */
  complain: (text: string) => void;
}

/** Runs a command; what is wrong with its arguments or files is told in a sentence, anything else is thrown. */
export async function runCommand<Options>(command: Command<Options>): Promise<ExitCode> {
  if (command.args.includes('--help')) {
    command.complain(command.usage);
    return 0;
  }
  let options: Options;
  try {
    options = command.parse();
  } catch (error) {
    if (!isAboutArguments(error)) throw error;
    command.complain(`${error.message}\n${command.usage}`);
    return 2;
  }
  try {
    await command.work(options);
    return 0;
  } catch (error) {
    if (!isAboutFiles(error)) throw error;
    command.complain(error.message);
    return 1;
  }
}

/**
 * Does what an option names a file for; what the system says against that file then names the option too.
 * @throws DataError in place of the system's errors
 * @example await forOption('--data', () => readLabelledFile(data, settings))
 */
export async function forOption<T>(option: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isOfSystem(error)) throw error;
    throw new DataError(`${option}: ${error.message}`, { cause: error });
  }
}

function isAboutArguments(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

const FILE_ERRORS = [AppError, DataError, EncoderError, HeadFileError, LabelFileError, RuleFileError];

/** Whether the error says what is wrong with a file or setting, and not with the program. */
function isAboutFiles(error: unknown): error is Error {
  if (FILE_ERRORS.some((kind) => error instanceof kind)) return true;
  return isOfSystem(error);
}

function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
