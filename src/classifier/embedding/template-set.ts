import { digestOf } from '../template/template-digest.js';

/** The length of a hash: the first bytes of the template's digest. */
const HASH_BYTES = 4;

/**
 * Encodes a set of templates without their text: the first 32 bits of each digest, sorted, in base64. For a set of 10,000
 * templates, two or three of a million other templates are falsely found in it.
 */
export function encodeTemplates(templates: readonly string[]): string {
  const hashes = Uint32Array.from(templates, hashOf).sort();
  const bytes = Buffer.alloc(HASH_BYTES * hashes.length);
  hashes.forEach((hash, index) => bytes.writeUInt32LE(hash, HASH_BYTES * index));
  return bytes.toString('base64');
}

/** Returns a function that returns whether a template is in the encoded set. */
export function decodeTemplates(text: string): (template: string) => boolean {
  const bytes = Buffer.from(text, 'base64');
  const hashes = new Set<number>();
  for (let at = 0; at + HASH_BYTES <= bytes.length; at += HASH_BYTES) hashes.add(bytes.readUInt32LE(at));
  return (template) => hashes.has(hashOf(template));
}

/** Returns the number of templates in the encoded set; not an integer if the text is damaged. */
export function countTemplates(text: string): number {
  return Buffer.byteLength(text, 'base64') / HASH_BYTES;
}

function hashOf(template: string): number {
  return digestOf(template).readUInt32LE(0);
}
