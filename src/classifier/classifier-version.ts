import { versionOf } from './version-of.js';

/** What a label depends on, beside the line itself. */
export interface LabelSources {
  readonly rules: { readonly current: { readonly version: string } };
  readonly embedding: { readonly head: { readonly version: string } };
  readonly catalogue: { readonly version: string };
  readonly encoder: { readonly id: string; readonly fingerprint: string };
}

/**
 * Names what labels lines at this moment: changes with the head, the rules, the label catalogue and the encoder.
 * Two machines with other kinds of processor may have other versions for the same files, because the last bits of
 * their embeddings differ.
 */
export function classifierVersion({ rules, embedding, catalogue, encoder }: LabelSources): string {
  const parts = [
    embedding.head.version,
    rules.current.version,
    catalogue.version,
    encoder.id,
    encoder.fingerprint,
  ];
  return versionOf(JSON.stringify(parts));
}
