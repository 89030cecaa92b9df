import { setFlagsFromString } from 'node:v8';
import { checkOpenFiles } from '../open-files.js';
import { Shutdown } from '../shutdown.js';
import type { RunCommand } from './command.js';

const EXAMPLES = `
Examples:
  log-classifier serve                                   on http://127.0.0.1:8000
  log-classifier serve --port 9000 --host 0.0.0.0        for other machines, too
  CACHE_DIR=./cache log-classifier serve                 keep labels on disk`;

/** `log-classifier serve`. Resolves when the server listens; the process then ends by a signal. */
export const run: RunCommand = async (args) => {
  // Not for `node dist/server.js`, which has no options.
  const { parseCommand } = await import('./options.js');
  const parsed = parseCommand(args, (command) =>
    command
      .name('log-classifier serve')
      .description('Starts the server and its page. Settings come from the environment and the file .env.')
      .option('--host <host>', 'the address that the server listens on, instead of HOST')
      .option('--port <port>', 'the port, instead of PORT; 0 for a free one')
      .addHelpText('after', EXAMPLES),
  );
  if (typeof parsed === 'number') return parsed;
  const { host, port } = parsed.opts<{ host?: string; port?: string }>();
  return await startServer({
    ...(host === undefined ? {} : { HOST: host }),
    ...(port === undefined ? {} : { PORT: port }),
  });
};

/**
 * V8 collects a heap when it is half as large again as after the last collection, not four times as large. Measured with a
 * million rows: peak memory 508 instead of 640 MB, as many rows/s. V8 reads the flag at each collection.
 */
const HEAP_GROWTH = '--heap-growing-percent=50';

/**
 * Starts the server with the settings from the environment and `.env`, and ends the process if that fails.
 * @param given settings that precede those of the environment
 */
export async function startServer(given: Readonly<Record<string, string>> = {}): Promise<0> {
  const shutdown = new Shutdown((code) => process.exit(code));
  setFlagsFromString(HEAP_GROWTH);
  try {
    const openFiles = checkOpenFiles();
    // Import these after the check: if the limit on open files is too low, loading them fails with a less useful error.
    const [{ configDotenv }, { serve }] = await Promise.all([import('dotenv'), import('../serve.js')]);
    configDotenv({ quiet: true });
    await serve({ ...process.env, ...given }, shutdown, openFiles);
    return 0;
  } catch (error) {
    // The message of an expected error tells the operator enough. Log an unexpected error with its stack.
    console.error('The server could not start.', isExpected(error) ? error.message : error);
    process.exit(1);
  }
}

/**
 * Whether settings, files or the system caused the error, and not the program. Our own errors set `name`. Errors of the
 * system, such as a port in use, have `syscall`.
 */
function isExpected(error: unknown): error is Error {
  const builtIn = ['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'];
  return error instanceof Error && ('syscall' in error || !builtIn.includes(error.name));
}
