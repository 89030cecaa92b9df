import { createHash } from 'node:crypto';

/**
 * Templates as a file can hold them without showing them: the first 32 bits of each one's SHA-256, sorted, as
 * base64. Of a million other templates two or three are taken for one of 10,000 that are in it.
 */
export function encodeTemplates(templates: readonly string[]): string {
  const hashes = Uint32Array.from(templates, hashOf).sort();
  const bytes = Buffer.alloc(4 * hashes.length);
  hashes.forEach((hash, index) => bytes.writeUInt32LE(hash, 4 * index));
  return bytes.toString('base64');
}

/** Tells whether a template is among those that encodeTemplates was given. */
export function decodeTemplates(text: string): (template: string) => boolean {
  const bytes = Buffer.from(text, 'base64');
  const hashes = new Set<number>();
  for (let at = 0; at + 4 <= bytes.length; at += 4) hashes.add(bytes.readUInt32LE(at));
  return (template) => hashes.has(hashOf(template));
}

function hashOf(template: string): number {
  return createHash('sha256').update(template).digest().readUInt32LE(0);
}
