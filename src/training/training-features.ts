import type { HeadFile } from '../classifier/embedding/head-file.js';
import { Vocabulary } from '../classifier/embedding/vocabulary.js';
import { buildVocabulary } from './build-vocabulary.js';
import type { Dataset } from './dataset.js';
import { meanOf, toFeatures, widthOf } from './features.js';
import type { Sample } from './fit.js';

/** The examples as features, and the values that the features depend on. */
export interface TrainingFeatures {
  readonly vocabulary: HeadFile['vocabulary'];
  /** The mean embedding: `[dimension]`. */
  readonly mean: Float64Array;
  /** One sample for each example, in order. */
  readonly samples: readonly Sample[];
  /** The share of known words in each example's template. */
  readonly knownShares: readonly number[];
  readonly size: { readonly labelCount: number; readonly width: number };
}

/**
 * Converts a dataset and the embeddings of its examples to features.
 * @param embeddings one for each example, in order
 */
export function toTrainingFeatures(
  { examples, labels }: Dataset,
  embeddings: readonly Float32Array[],
  dimension: number,
): TrainingFeatures {
  const vocabulary = buildVocabulary(examples);
  const terms = new Vocabulary(vocabulary);
  const mean = meanOf(embeddings);
  const samples = examples.map(({ label, template }, index): Sample => {
    const embedding = embeddings[index] ?? new Float32Array();
    return { features: toFeatures(embedding, terms.vectorOf(template), { mean, size: terms.size }), label };
  });
  return {
    vocabulary,
    mean,
    samples,
    knownShares: examples.map(({ template }) => terms.knownShareOf(template)),
    size: { labelCount: labels.length, width: widthOf(dimension, terms.size) },
  };
}
