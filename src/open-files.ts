/** The start takes some 130, for Node reads its modules side by side; the rest is for requests and their files. */
const LEAST_OPEN_FILES = 256;

/** The process may open too few files; the message says how many it needs. */
export class OpenFilesError extends Error {
  override name = 'OpenFilesError';
}

/**
 * Checks that the system lets this process have enough files and connections open at once.
 * @throws OpenFilesError
 */
export function checkOpenFiles(): void {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: unknown } } };
  // Not a number where there is no limit, and not there at all on Windows.
  const limit = userLimits?.open_files?.soft;
  if (typeof limit !== 'number' || limit >= LEAST_OPEN_FILES) return;
  throw new OpenFilesError(
    `Only ${limit} files may be open at once, but the server needs ${LEAST_OPEN_FILES}. Raise the limit, for example by \`ulimit -n 1024\`.`,
  );
}
