import { createHash } from 'node:crypto';

/** Returns the first 16 hex digits of the content's SHA-256. */
export function versionOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
