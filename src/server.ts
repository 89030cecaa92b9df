import { Ending } from './ending.js';
import { checkOpenFiles } from './open-files.js';

const ending = new Ending((code) => process.exit(code));

try {
  const openFiles = checkOpenFiles();
  // Only now: reading the modules is what fails first where too few files may be open.
  const [{ configDotenv }, { serve }] = await Promise.all([import('dotenv'), import('./serve.js')]);
  configDotenv({ quiet: true });
  await serve(process.env, ending, openFiles);
} catch (error) {
  // Whoever started it by hand wants a sentence; the stack is for what nobody foresaw.
  console.error('The server could not start.', isForeseen(error) ? error.message : error);
  process.exit(1);
}

/** Our own complaints have names of their own; the system's, such as a port in use, name their call. */
function isForeseen(error: unknown): error is Error {
  const builtIn = ['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'];
  return error instanceof Error && ('syscall' in error || !builtIn.includes(error.name));
}
