/** Returns the headers that name what labelled an answer. There is no header for a version that does not exist. */
export function versionHeaders({
  classifier,
  corrections,
}: {
  classifier?: string | undefined;
  corrections?: string | undefined;
}): Record<string, string> {
  return {
    ...(classifier === undefined ? {} : { 'x-classifier-version': classifier }),
    ...(corrections === undefined ? {} : { 'x-corrections-version': corrections }),
  };
}
