import type { ClassifierSnapshot } from './snapshot.js';
import { versionOf } from './version-of.js';

/**
 * Names everything that labels depend on beside the lines: head, rules, label catalogue and encoder. The same files may
 * have different versions on different kinds of processor, because the last bits of the embeddings differ.
 */
export function classifierVersion({ rules, embedding, catalogue, encoder }: ClassifierSnapshot): string {
  const parts = [
    embedding.head.version,
    rules.current.version,
    catalogue.version,
    encoder.id,
    encoder.fingerprint,
  ];
  return versionOf(JSON.stringify(parts));
}
