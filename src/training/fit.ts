import { minimise, type Objective } from './minimise.js';
import { addScaled, dot } from './vector.js';

/** One row to learn from. */
export interface Sample {
  /** The embedding with a constant 1 at its end, see toFeatures; all samples have one length. */
  readonly features: Float64Array;
  /** Index of the label. */
  readonly label: number;
}

export interface FitOptions {
  /** How many labels there are, those without a sample included. */
  readonly labelCount: number;
  /** How much the samples count against the penalty on large weights (scikit-learn's C). */
  readonly c: number;
}

/** A sample as one of the label's own (1) or another's (-1), with its share in the loss. */
interface SignedSample {
  features: Float64Array;
  sign: 1 | -1;
  weight: number;
}

/**
 * How far rare labels are raised: with 0 every sample counts alike, with 1 every label. Real logs are mostly
 * notifications, more so than training lines, so that raising rare labels far makes them too easily claimed; not
 * raising them at all drowns them.
 */
const CLASS_WEIGHT_POWER = 0.25;

/**
 * Fits one-vs-rest logistic regression with an L2 penalty on all weights, in float64, without randomness:
 * for each label the `w` that minimises |w|^2 / 2 + c * (weighted log losses of sigmoid(w * features)).
 * The constant's weight is penalised too: for a label without a sample it would otherwise grow without end.
 * @returns a weight vector for each label, of the features' length: the larger `w * features`, the likelier.
 */
export function fit(samples: readonly Sample[], { labelCount, c }: FitOptions): Float64Array[] {
  const weights = labelWeights(samples, labelCount);
  const start = new Float64Array(samples[0]?.features.length ?? 0);
  return Array.from({ length: labelCount }, (_, own) => {
    const signed = samples.map(({ features, label }): SignedSample => ({
      features,
      sign: label === own ? 1 : -1,
      weight: c * (weights[label] ?? 1),
    }));
    return minimise(logisticLoss(signed), start);
  });
}

/** The logits of one row: a number for each label. */
export function logitsOf(weights: readonly Float64Array[], features: Float64Array): Float64Array {
  return Float64Array.from(weights, (vector) => dot(vector, features));
}

/** The embedding with a constant 1 at its end, in place of an intercept. */
export function toFeatures(embedding: Float32Array): Float64Array {
  const features = new Float64Array(embedding.length + 1);
  features.set(embedding);
  features[embedding.length] = 1;
  return features;
}

/** A weight for each label, its samples' mean being 1: (1 / share of the samples) to CLASS_WEIGHT_POWER. */
function labelWeights(samples: readonly Sample[], labelCount: number): number[] {
  const counts = new Array<number>(labelCount).fill(0);
  for (const { label } of samples) counts[label] = (counts[label] ?? 0) + 1;
  const raw = counts.map((count) => (samples.length / Math.max(1, count)) ** CLASS_WEIGHT_POWER);
  const total = raw.reduce((sum, weight, label) => sum + weight * (counts[label] ?? 0), 0);
  return raw.map((weight) => (weight * samples.length) / total);
}

function logisticLoss(samples: readonly SignedSample[]): Objective {
  return (x, gradient) => {
    gradient.set(x);
    let loss = dot(x, x) / 2;
    for (const { features, sign, weight } of samples) {
      const margin = sign * dot(x, features);
      // log(1 + e^-margin), written so that the exponential cannot overflow.
      const small = Math.exp(-Math.abs(margin));
      loss += weight * (Math.log1p(small) + Math.max(0, -margin));
      const wrong = margin >= 0 ? small / (1 + small) : 1 / (1 + small);
      addScaled(gradient, features, -sign * weight * wrong);
    }
    return loss;
  };
}
