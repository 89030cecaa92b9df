/** The start needs about 130, because Node loads modules in parallel. The rest is for requests and their files. */
const MIN_OPEN_FILES = 256;

/** Reserved for the process itself and the temporary files of uploads. */
const RESERVED_FILES = 200;

/** The limit on open files is too low. The message says how many the server needs. */
export class OpenFilesError extends Error {
  override name = 'OpenFilesError';
}

/**
 * Checks the system's limit on open files, which includes connections.
 * @returns the limit; Infinity if there is none
 * @throws OpenFilesError when the limit is too low to start
 */
export function checkOpenFiles(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: unknown } } };
  // The string `unlimited` without a limit; `userLimits` is missing on Windows.
  const limit = userLimits?.open_files?.soft;
  if (typeof limit !== 'number') return Infinity;
  if (limit >= MIN_OPEN_FILES) return limit;
  throw new OpenFilesError(
    `The limit on open files is ${limit}, but the server needs ${MIN_OPEN_FILES}. Raise it, for example with \`ulimit -n 1024\`.`,
  );
}

/** Returns how many connections fit in a limit on open files. Each may also need a file for its answer. */
export function connectionsWithin(openFiles: number): number {
  return Math.floor((openFiles - RESERVED_FILES) / 2);
}
