import { checkOpenFiles } from './open-files.js';
import { Shutdown } from './shutdown.js';

const shutdown = new Shutdown((code) => process.exit(code));

try {
  const openFiles = checkOpenFiles();
  // Import these after the check: if the limit on open files is too low, loading them fails with a less useful error.
  const [{ configDotenv }, { serve }] = await Promise.all([import('dotenv'), import('./serve.js')]);
  configDotenv({ quiet: true });
  await serve(process.env, shutdown, openFiles);
} catch (error) {
  // The message of an expected error tells the operator enough. Log an unexpected error with its stack.
  console.error('The server could not start.', isExpected(error) ? error.message : error);
  process.exit(1);
}

/**
 * Whether settings, files or the system caused the error, and not the program. Our own errors set `name`. Errors of the
 * system, such as a port in use, have `syscall`.
 */
function isExpected(error: unknown): error is Error {
  const builtIn = ['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'];
  return error instanceof Error && ('syscall' in error || !builtIn.includes(error.name));
}
