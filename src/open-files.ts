/** The start takes some 130, for Node reads its modules side by side; the rest is for requests and their files. */
const LEAST_OPEN_FILES = 256;

/** Files that the process itself opens, and those of uploads that are worked on. */
const OWN_FILES = 200;

/** The process may open too few files; the message says how many it needs. */
export class OpenFilesError extends Error {
  override name = 'OpenFilesError';
}

/**
 * Checks that the system lets this process have enough files and connections open at once.
 * @returns the limit; Infinity where there is none
 * @throws OpenFilesError
 */
export function checkOpenFiles(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: unknown } } };
  // Not a number where there is no limit, and not there at all on Windows.
  const limit = userLimits?.open_files?.soft;
  if (typeof limit !== 'number') return Infinity;
  if (limit >= LEAST_OPEN_FILES) return limit;
  throw new OpenFilesError(
    `Only ${limit} files may be open at once, but the server needs ${LEAST_OPEN_FILES}. Raise the limit, for example by \`ulimit -n 1024\`.`,
  );
}

/** How many connections fit into a limit of open files: each may have a file beside it, for its answer. */
export function connectionsWithin(openFiles: number): number {
  return Math.floor((openFiles - OWN_FILES) / 2);
}
