import { dot, dotSparse } from '../../math/vector.js';
import type { HeadFile } from './head-file.js';
import type { TermVector } from './vocabulary.js';

/** The weights of a head. Computes a logit per label from an embedding and a template's terms. */
export class HeadModel {
  readonly #dimension: number;
  /** The number of weights per label: dimension + terms + 1 (the constant). */
  readonly #width: number;
  /** `[labels × (dimension + terms + 1)]`, row-major. */
  readonly #weights: Float64Array;
  /** `[labels]`. Reused by every call of `logitsOf`, which is synchronous. */
  readonly #logits: Float64Array;

  constructor({ encoder, vocabulary, model }: Pick<HeadFile, 'encoder' | 'vocabulary' | 'model'>) {
    this.#dimension = encoder.dimension;
    this.#width = encoder.dimension + vocabulary.terms.length + 1;
    this.#weights = new Float64Array(model.classifiers.length * this.#width);
    for (const [label, { weights }] of model.classifiers.entries()) {
      const start = label * this.#width;
      // The library's classifier computes the probability of *not* its label, so its weights have the opposite sign.
      weights[0]?.forEach((weight, index) => (this.#weights[start + index] = -weight));
    }
    this.#logits = new Float64Array(model.classifiers.length);
  }

  /**
   * Returns one logit per label, in the order of the labels. The next call overwrites the returned array.
   * @throws RangeError when the length of the embedding is not the encoder's dimension
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
