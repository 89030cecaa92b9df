import { dot, dotSparse } from '../../math/vector.js';
import type { HeadFile } from './head-file.js';
import type { TermVector } from './vocabulary.js';

/** The weights of a head: from an embedding and a template's terms to a sum (logit) for each label. */
export class HeadModel {
  readonly #dimension: number;
  /** The weights of one label: the embedding's, the terms', the constant's. */
  readonly #width: number;
  /** All labels' weights on end. */
  readonly #weights: Float64Array;
  /** Reused by every call, which runs to its end in one go. */
  readonly #logits: Float64Array;

  constructor({ encoder, vocabulary, model }: Pick<HeadFile, 'encoder' | 'vocabulary' | 'model'>) {
    this.#dimension = encoder.dimension;
    this.#width = encoder.dimension + vocabulary.terms.length + 1;
    this.#weights = new Float64Array(model.classifiers.length * this.#width);
    for (const [label, { weights }] of model.classifiers.entries()) {
      const start = label * this.#width;
      // The library's classifier of a label gives the chance of *not* that label: its weights are ours negated.
      weights[0]?.forEach((weight, place) => (this.#weights[start + place] = -weight));
    }
    this.#logits = new Float64Array(model.classifiers.length);
  }

  /**
   * The logits, in the order of the labels; the next call overwrites them.
   * @throws RangeError for an embedding of another length than the encoder's dimension
   */
  logitsOf(embedding: Float32Array, terms: TermVector): Float64Array {
    const dimension = this.#dimension;
    if (embedding.length !== dimension) {
      throw new RangeError(`Expected an embedding of ${dimension} numbers, got ${embedding.length}.`);
    }
    const weights = this.#weights;
    const logits = this.#logits;
    const width = this.#width;
    for (let label = 0; label < logits.length; label += 1) {
      const start = label * width;
      const constant = weights[start + width - 1] ?? 0;
      logits[label] =
        constant + dot(weights, embedding, start) + dotSparse(weights, terms, start + dimension);
    }
    return logits;
  }
}
