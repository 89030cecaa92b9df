import { UNCLASSIFIED } from './labels.js';
import type { Rule } from './rules/rule-set.js';
import type { ClassifierSnapshot } from './snapshot.js';
import { toSourceKey } from './source-key.js';
import type { Classification, LogRecord, Note } from './types.js';

/** The tier that gets a record first. No tier can label a record with an empty message. */
export type FirstTier = 'llm' | 'rulesOrEmbedding' | 'none';

/** The classification of a record with an empty message. */
export const EMPTY: Classification = { label: UNCLASSIFIED, tier: 'none', confidence: null };

/**
 * Returns the tier that gets a record first.
 * @param usesLlm whether lines of this session may go to the LLM
 */
export function firstTier(
  { source, message }: LogRecord,
  { llmSources }: Pick<ClassifierSnapshot, 'llmSources'>,
  usesLlm: boolean,
): FirstTier {
  if (!/\S/.test(message)) return 'none';
  return usesLlm && llmSources.has(toSourceKey(source)) ? 'llm' : 'rulesOrEmbedding';
}

/** Returns the classification of the records that a rule matches. */
export function labelledByRule({ id, label }: Rule): Classification {
  return { label, tier: 'rule', confidence: 1, rule: id };
}

/** Adds a note. A classification has one note at most: `llm-unavailable` replaces the others. */
export function withNote(classification: Classification, note: Note | undefined): Classification {
  return note ? { ...classification, note } : classification;
}
