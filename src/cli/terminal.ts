import { configDotenv } from 'dotenv';
import { ConfigError, loadConfig, type Config } from '../config.js';
import type { ExitCode } from './command.js';
import type { ProgressStream } from './progress-line.js';

/** The output of a command. `out` takes one line of the result; `err` takes errors and progress. */
export interface Terminal {
  out: (line: string) => void;
  err: ProgressStream;
}

/** Runs a command with the settings from the environment and `.env`. Returns 1 for invalid settings. */
export async function withConfig(
  run: (config: Config, terminal: Terminal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const terminal = { out: (line: string) => console.log(line), err: process.stderr };
  try {
    configDotenv({ quiet: true });
    return await run(loadConfig(process.env), terminal);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    return 1;
  }
}
