import { createHash } from 'node:crypto';

/**
 * Returns the template's SHA-256. Files store it instead of the template, so that they do not reveal log lines. But a
 * reader who already has a line can check whether its template is in the file.
 *
 * Hashes the UTF-16 code units. UTF-8 would replace every lone surrogate with U+FFFD, so that templates with different
 * lone surrogates would have equal digests.
 */
export function digestOf(template: string): Buffer {
  return createHash('sha256').update(Buffer.from(template, 'utf16le')).digest();
}
