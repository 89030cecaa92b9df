import type { HeadFile } from '../classifier/embedding/head-file.js';
import { termsOf } from '../classifier/embedding/vocabulary.js';
import type { Dataset } from './dataset.js';

/**
 * A term must occur in at least this many families. A rarer term identifies its system rather than its label.
 * An example without a family counts as a separate family.
 */
const MIN_FAMILIES = 3;

/**
 * Length of a template's term vector, relative to the embedding's length of 1. Found by cross-validation, see
 * docs/training.md.
 */
const SCALE = 5;

/** Significant digits of a term's weight. */
const WEIGHT_DIGITS = 5;

/**
 * Builds the vocabulary of a dataset, sorted by term. A term's weight is its smoothed inverse document frequency,
 * `ln((1 + n) / (1 + templates with the term)) + 1`. Labels are not used, so one vocabulary serves all folds.
 */
export function buildVocabulary(examples: Dataset['examples']): HeadFile['vocabulary'] {
  const found = new Map<string, { templates: number; families: Set<string> }>();
  for (const { template, group, hasFamily } of examples) {
    for (const term of termsOf(template)) {
      const entry = found.get(term) ?? { templates: 0, families: new Set<string>() };
      entry.templates += 1;
      entry.families.add(hasFamily ? group : template);
      found.set(term, entry);
    }
  }
  const kept = [...found]
    .filter(([, { families }]) => families.size >= MIN_FAMILIES)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const weightOf = (templates: number): number =>
    Number((Math.log((1 + examples.length) / (1 + templates)) + 1).toPrecision(WEIGHT_DIGITS));
  return {
    terms: kept.map(([term]) => term),
    weights: kept.map(([, { templates }]) => weightOf(templates)),
    scale: SCALE,
  };
}
