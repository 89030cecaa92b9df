import { configDotenv } from 'dotenv';
import { ConfigError, loadConfig, type Config } from '../config.js';
import type { ExitCode } from './command.js';
import type { ProgressStream } from './progress-line.js';

/** Where a command writes: results to `out`, a line at a time; problems and progress to `err`. */
export interface Terminal {
  out: (line: string) => void;
  err: ProgressStream;
}

/** Runs a command in this process: settings from the environment and .env, its exit code as the process's. */
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
