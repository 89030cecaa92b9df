import { dot, dotSparse } from '../../math/vector.js';
import type { HeadFile } from './head-file.js';
import type { TermVector } from './vocabulary.js';

/** The parts of a logit. Their sum is the logit. */
export interface LogitParts {
  readonly constant: number;
  /** The contribution of all numbers of the embedding together. */
  readonly embedding: number;
  /** The contribution of each term, in the order of the term vector. */
  readonly terms: readonly number[];
}

/** A head's weights. Computes one logit per label from the embedding and the terms of a template. */
export class HeadModel {
  readonly #dimension: number;
  /** The number of weights per label: dimension + terms + 1 for the constant. */
  readonly #width: number;
  /** `[labels × width]`, row-major. */
  readonly #weights: Float64Array;
  /** `[labels]`. Reused by every call of `logitsOf`, which is synchronous. */
  readonly #logits: Float64Array;

  /** Copies the weights. They must have the lengths that `parseHeadFile` checks. */
  constructor({ encoder, vocabulary, model }: Pick<HeadFile, 'encoder' | 'vocabulary' | 'model'>) {
    this.#dimension = encoder.dimension;
    this.#width = encoder.dimension + vocabulary.terms.length + 1;
    this.#weights = new Float64Array(model.classifiers.length * this.#width);
    for (const [label, { weights }] of model.classifiers.entries()) {
      const start = label * this.#width;
      // A classifier of ml-logistic-regression scores all other labels together, so its weights have the opposite sign.
      weights[0]?.forEach((weight, index) => (this.#weights[start + index] = -weight));
    }
    this.#logits = new Float64Array(model.classifiers.length);
  }

  /**
   * Returns one logit per label, in the head's order: `[labels]`. The next call overwrites the returned array.
   * @param embedding `[dimension]`
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

  /**
   * Returns what a label's logit is the sum of. Only rounding differs: `logitsOf` adds the products in another order.
   * @param label the label's index in the head
   */
  partsOf(label: number, embedding: Float32Array, terms: TermVector): LogitParts {
    const start = label * this.#width;
    const firstTerm = start + this.#dimension;
    return {
      constant: this.#weights[start + this.#width - 1] ?? 0,
      embedding: dot(this.#weights, embedding, start),
      terms: terms.indexes.map((term, i) => (this.#weights[firstTerm + term] ?? 0) * (terms.values[i] ?? 0)),
    };
  }
}
