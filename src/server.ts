import { checkOpenFiles } from './open-files.js';
import { Shutdown } from './shutdown.js';

const shutdown = new Shutdown((code) => process.exit(code));

try {
  const openFiles = checkOpenFiles();
  // Imported after the check, because loading the modules fails first if the limit on open files is too low.
  const [{ configDotenv }, { serve }] = await Promise.all([import('dotenv'), import('./serve.js')]);
  configDotenv({ quiet: true });
  await serve(process.env, shutdown, openFiles);
} catch (error) {
  // Expected errors are a sentence for the operator. Unexpected ones need their stack.
  console.error('The server could not start.', isExpected(error) ? error.message : error);
  process.exit(1);
}

/** Our own errors set `name`. Errors of the system, such as a port in use, have `syscall`. */
function isExpected(error: unknown): error is Error {
  const builtIn = ['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'];
  return error instanceof Error && ('syscall' in error || !builtIn.includes(error.name));
}
