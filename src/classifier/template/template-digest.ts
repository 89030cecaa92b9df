import { createHash } from 'node:crypto';

/**
 * The SHA-256 by which files know a template, so that no log line can be read from them; who has a line already can
 * tell whether it was met. It is made of the UTF-16 code units: in UTF-8 all lone surrogates become U+FFFD, and
 * templates that differ in nothing else would have one digest.
 */
export function digestOf(template: string): Buffer {
  return createHash('sha256').update(Buffer.from(template, 'utf16le')).digest();
}
