import { createHash } from 'node:crypto';

/**
 * Returns the SHA-256 of a template, 32 bytes. Files store the digest instead of the template, so that they do not
 * reveal log lines. But a reader of the file who already has a line can check whether the file contains its template.
 *
 * Hashes the UTF-16 code units. UTF-8 would replace every lone surrogate with U+FFFD, so that templates with different
 * lone surrogates would have equal digests.
 */
export function digestOf(template: string): Buffer {
  return createHash('sha256').update(Buffer.from(template, 'utf16le')).digest();
}
