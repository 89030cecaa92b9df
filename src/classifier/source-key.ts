/** Returns the source trimmed and in lower case: sources are compared in this form. */
export function toSourceKey(source: string): string {
  return source.trim().toLowerCase();
}
