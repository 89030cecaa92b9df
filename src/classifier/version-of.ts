import { createHash } from 'node:crypto';

/** Names a content: 16 hex digits of its sha256, enough to tell versions apart and short enough to read out. */
export function versionOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
