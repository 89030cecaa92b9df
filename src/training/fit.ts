import { addFeatures, product, type Features, type LinearModel } from './features.js';
import { minimise, type Objective } from '../math/minimise.js';
import { dot } from '../math/vector.js';

/** A training example as features. */
export interface Sample {
  readonly features: Features;
  /** Index of the label. */
  readonly label: number;
}

/** The size of the model, and the strength of the penalty. */
export interface FitOptions {
  /** The number of labels, including labels without a sample. */
  readonly labelCount: number;
  /** The length of a label's weight vector, see `widthOf`. */
  readonly width: number;
  /** The weight of the data against the penalty on large weights (C in scikit-learn). */
  readonly c: number;
}

/**
 * How much the samples of rare labels count. With 0 every sample has the same weight, with 1 every label has.
 * With 0 rare labels are hardly ever predicted. With 1 they are predicted too often on real logs, which consist mostly
 * of notifications.
 */
const CLASS_WEIGHT_POWER = 0.5;

/** Fitting ends when the gradient has fallen to this share. Smaller values change no held-out label. */
const TOLERANCE = 1e-3;

/**
 * Fits multinomial logistic regression with an L2 penalty, in float64 and without randomness. Minimises
 * `|w|² / 2 + Σ weight(label) · log loss of softmax(w · features)`, where the mean weight is `c`. The penalty includes
 * the weights of the constant: without it, those of a label without a sample would fall for ever.
 * @param start a model to start from, such as one fitted with a smaller c; it only saves steps
 * @returns weights `[labelCount × width]`, row-major
 */
export function fit(samples: readonly Sample[], options: FitOptions, start?: LinearModel): LinearModel {
  const { labelCount, width, c } = options;
  const from = start?.weights ?? new Float64Array(labelCount * width);
  const weights = minimise(logLoss(samples, options, labelWeights(samples, labelCount, c)), from, TOLERANCE);
  return { weights, width, labelCount };
}

/** Returns the logits of one example: `[labels]`. */
export function logitsOf({ weights, width, labelCount }: LinearModel, features: Features): Float64Array {
  return Float64Array.from({ length: labelCount }, (_, label) => product(weights, label * width, features));
}

/**
 * Returns the weight of each label's samples: (1 / the label's share) ** CLASS_WEIGHT_POWER, scaled so that the mean
 * over all samples is `c`.
 */
function labelWeights(samples: readonly Sample[], labelCount: number, c: number): number[] {
  const counts = new Array<number>(labelCount).fill(0);
  for (const { label } of samples) counts[label] = (counts[label] ?? 0) + 1;
  const raw = counts.map((count) => (samples.length / Math.max(1, count)) ** CLASS_WEIGHT_POWER);
  const total = raw.reduce((sum, weight, label) => sum + weight * (counts[label] ?? 0), 0);
  return raw.map((weight) => (weight * samples.length * c) / total);
}

/** The objective of `fit`, with its gradient. `x` is `[labelCount × width]`, row-major. */
function logLoss(
  samples: readonly Sample[],
  { labelCount, width }: FitOptions,
  labelWeight: readonly number[],
): Objective {
  /** The logits of one sample, then their exponentials: `[labels]`. */
  const scores = new Float64Array(labelCount);
  return (x, gradient) => {
    gradient.set(x);
    let loss = dot(x, x) / 2;
    for (const { features, label } of samples) {
      let top = -Infinity;
      for (let other = 0; other < labelCount; other += 1) {
        const logit = product(x, other * width, features);
        scores[other] = logit;
        if (logit > top) top = logit;
      }
      const rightLogit = scores[label] ?? 0;
      // The top logit is subtracted so that no exponential overflows.
      let total = 0;
      for (let other = 0; other < labelCount; other += 1) {
        const exponential = Math.exp((scores[other] ?? 0) - top);
        scores[other] = exponential;
        total += exponential;
      }
      const weight = labelWeight[label] ?? 1;
      loss += weight * (Math.log(total) + top - rightLogit);
      for (let other = 0; other < labelCount; other += 1) {
        const error = (scores[other] ?? 0) / total - (other === label ? 1 : 0);
        addFeatures(gradient, other * width, features, weight * error);
      }
    }
    return loss;
  };
}
