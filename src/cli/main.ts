import { configDotenv } from 'dotenv';
import { ConfigError, loadConfig, type Config } from '../config.js';
import type { ExitCode } from './command.js';
import type { ProgressStream } from './progress-line.js';

/** The output of a command. `out` takes one line of the result; `err` takes errors and progress. */
export interface Terminal {
  out: (line: string) => void;
  err: ProgressStream;
}

/** Runs a command with the settings from the environment and `.env`. Sets the exit code of the process. */
export async function main(
  run: (args: readonly string[], config: Config, terminal: Terminal) => Promise<ExitCode>,
): Promise<void> {
  const terminal = { out: (line: string) => console.log(line), err: process.stderr };
  try {
    configDotenv({ quiet: true });
    process.exitCode = await run(process.argv.slice(2), loadConfig(process.env), terminal);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
