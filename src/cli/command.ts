import { EncoderError } from '../classifier/embedding/encoder.js';
import { HeadFileError } from '../classifier/embedding/head.js';
import { LabelFileError } from '../classifier/labels.js';
import { RuleFileError } from '../classifier/rules/rule-file.js';
import { AppError } from '../errors.js';
import { DataError } from '../labelled-data/labelled-csv.js';

/** 0: success. 1: a file or setting cannot be used. 2: wrong arguments. */
export type ExitCode = 0 | 1 | 2;

/** Runs a command of the program with its arguments, in the environment of the process. Returns the exit code. */
export type RunCommand = (args: readonly string[]) => Promise<ExitCode>;

/** An argument is wrong. The message names it and the reason. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** A command: it parses its arguments and works with the options. */
export interface Command<Options> {
  usage: string;
  /** What `--help` shows besides the usage: the options and examples. */
  help?: string;
  args: readonly string[];
  /** @throws UsageError, or the errors of `parseArgs` in node:util */
  parse: () => Options | Promise<Options>;
  work: (options: Options) => Promise<void>;
  /** Writes usage and errors. */
  showError: (text: string) => void;
}

/**
 * Runs a command. Shows an error in arguments, files or settings as a sentence. With `--help` it only shows the usage.
 * A wrong argument that only the work shows gives 2, too.
 * @throws all other errors of the command
 */
export async function runCommand<Options>(command: Command<Options>): Promise<ExitCode> {
  if (command.args.includes('--help') || command.args.includes('-h')) {
    command.showError(command.help === undefined ? command.usage : `${command.usage}\n\n${command.help}`);
    return 0;
  }
  let options: Options;
  try {
    options = await command.parse();
  } catch (error) {
    if (!isUsageError(error)) throw error;
    command.showError(`${error.message}\n${command.usage}`);
    return 2;
  }
  try {
    await command.work(options);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      command.showError(error.message);
      return 2;
    }
    if (!isFileError(error)) throw error;
    command.showError(error.message);
    return 1;
  }
}

/**
 * Does the work for an option that names a file. Puts the name of the option before the message of an error of the system
 * or of the CSV reader, because neither names the option.
 * @throws DataError instead of a system error or an AppError
 * @example await forOption('--data', () => readLabelledFile(data, settings))
 */
export async function forOption<T>(option: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof AppError)) throw error;
    throw new DataError(`${option}: ${error.message}`, { cause: error });
  }
}

const DIGITS = { six: 6, nine: 9 } as const;

/**
 * Returns the number of an option that takes a whole number.
 * @throws UsageError when the text is not a whole number, or has more digits
 * @example wholeNumber('--seed', '17', 'nine') // 17
 */
export function wholeNumber(option: string, text: string, digits: keyof typeof DIGITS): number {
  if (/^\d+$/.test(text) && text.length <= DIGITS[digits]) return Number(text);
  throw new UsageError(`${option} must be a whole number of at most ${digits} digits, got "${text}".`);
}

function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

const FILE_ERRORS = [AppError, DataError, EncoderError, HeadFileError, LabelFileError, RuleFileError];

/** Whether a file or setting caused the error, and not the program. */
function isFileError(error: unknown): error is Error {
  if (FILE_ERRORS.some((kind) => error instanceof kind)) return true;
  return isSystemError(error);
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
