import { digestOf } from '../template/template-digest.js';

/** What is kept of a template's hash. */
const HASH_BYTES = 4;

/**
 * Templates as a file can hold them without showing them: the first 32 bits of each one's digest, sorted, as
 * base64. Of a million other templates two or three are taken for one of 10,000 that are in it.
 */
export function encodeTemplates(templates: readonly string[]): string {
  const hashes = Uint32Array.from(templates, hashOf).sort();
  const bytes = Buffer.alloc(HASH_BYTES * hashes.length);
  hashes.forEach((hash, index) => bytes.writeUInt32LE(hash, HASH_BYTES * index));
  return bytes.toString('base64');
}

/** Tells whether a template is among those that encodeTemplates was given. */
export function decodeTemplates(text: string): (template: string) => boolean {
  const bytes = Buffer.from(text, 'base64');
  const hashes = new Set<number>();
  for (let at = 0; at + HASH_BYTES <= bytes.length; at += HASH_BYTES) hashes.add(bytes.readUInt32LE(at));
  return (template) => hashes.has(hashOf(template));
}

/** How many templates encodeTemplates was given; no whole number for a text that it did not make. */
export function countTemplates(text: string): number {
  return Buffer.byteLength(text, 'base64') / HASH_BYTES;
}

function hashOf(template: string): number {
  return digestOf(template).readUInt32LE(0);
}
