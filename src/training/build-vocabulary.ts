import type { HeadFile } from '../classifier/embedding/head-file.js';
import { termsOf } from '../classifier/embedding/vocabulary.js';
import type { Dataset } from './dataset.js';

/**
 * A term must occur in so many families of systems: a rarer one says more about its system than about its
 * label. Where the data names no families each template counts as a place.
 */
const MIN_PLACES = 3;

/** The terms' share in what decides; by cross-validation, see docs/training.md. */
const SCALE = 2;

/** Significant digits of a term's weight. */
const WEIGHT_DIGITS = 5;

/**
 * The vocabulary of a dataset, sorted. It knows no labels, so that it may be made once for all folds. A term's
 * weight is the smoothed inverse document frequency, ln((1 + n) / (1 + templates with it)) + 1.
 */
export function buildVocabulary(examples: Dataset['examples']): HeadFile['vocabulary'] {
  const found = new Map<string, { templates: number; places: Set<string> }>();
  for (const { template, group, hasFamily } of examples) {
    for (const term of termsOf(template)) {
      const entry = found.get(term) ?? { templates: 0, places: new Set<string>() };
      entry.templates += 1;
      entry.places.add(hasFamily ? group : template);
      found.set(term, entry);
    }
  }
  const kept = [...found]
    .filter(([, { places }]) => places.size >= MIN_PLACES)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const weightOf = (templates: number): number =>
    Number((Math.log((1 + examples.length) / (1 + templates)) + 1).toPrecision(WEIGHT_DIGITS));
  return {
    terms: kept.map(([term]) => term),
    weights: kept.map(([, { templates }]) => weightOf(templates)),
    scale: SCALE,
  };
}
