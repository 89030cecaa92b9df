import { addFeatures, product, type Features, type LinearModel } from './features.js';
import { minimise, type Objective } from '../math/minimise.js';
import { dot } from '../math/vector.js';

/** One row to learn from. */
export interface Sample {
  readonly features: Features;
  /** Index of the label. */
  readonly label: number;
}

export interface FitOptions {
  /** How many labels there are, those without a sample included. */
  readonly labelCount: number;
  /** The length of a label's weight vector. */
  readonly width: number;
  /** How much the samples count against the penalty on large weights (scikit-learn's C). */
  readonly c: number;
}

/**
 * How far rare labels are raised: with 0 every sample counts alike, with 1 every label. Real logs are mostly
 * notifications, more so than training lines, so that raising rare labels far makes them too easily claimed; not
 * raising them at all drowns them.
 */
const CLASS_WEIGHT_POWER = 0.5;

/** The fall of the gradient at which fitting ends; a further one changes no held-out label. */
const TOLERANCE = 1e-3;

/**
 * Fits multinomial logistic regression with an L2 penalty on all weights, in float64, without randomness:
 * minimises |w|^2 / 2 + c * (weighted log losses of softmax(w * features)). The constant's weights are
 * penalised too: for a label without a sample they would otherwise fall without end.
 * @param start a model to start from, such as one fitted with a smaller c: it shortens the way, no more
 */
export function fit(samples: readonly Sample[], options: FitOptions, start?: LinearModel): LinearModel {
  const { labelCount, width, c } = options;
  const from = start?.weights ?? new Float64Array(labelCount * width);
  const weights = minimise(logLoss(samples, options, labelWeights(samples, labelCount, c)), from, TOLERANCE);
  return { weights, width, labelCount };
}

/** The logits of one row: a number for each label. */
export function logitsOf({ weights, width, labelCount }: LinearModel, features: Features): Float64Array {
  return Float64Array.from({ length: labelCount }, (_, label) => product(weights, label * width, features));
}

/** A weight for each label, its samples' mean being `c`: (1 / share of the samples) to CLASS_WEIGHT_POWER. */
function labelWeights(samples: readonly Sample[], labelCount: number, c: number): number[] {
  const counts = new Array<number>(labelCount).fill(0);
  for (const { label } of samples) counts[label] = (counts[label] ?? 0) + 1;
  const raw = counts.map((count) => (samples.length / Math.max(1, count)) ** CLASS_WEIGHT_POWER);
  const total = raw.reduce((sum, weight, label) => sum + weight * (counts[label] ?? 0), 0);
  return raw.map((weight) => (weight * samples.length * c) / total);
}

function logLoss(
  samples: readonly Sample[],
  { labelCount, width }: FitOptions,
  labelWeight: readonly number[],
): Objective {
  const shares = new Float64Array(labelCount);
  return (x, gradient) => {
    gradient.set(x);
    let loss = dot(x, x) / 2;
    for (const { features, label } of samples) {
      let top = -Infinity;
      for (let other = 0; other < labelCount; other += 1) {
        const logit = product(x, other * width, features);
        shares[other] = logit;
        if (logit > top) top = logit;
      }
      const own = shares[label] ?? 0;
      // The top logit is taken out so that no exponential can overflow.
      let total = 0;
      for (let other = 0; other < labelCount; other += 1) {
        const share = Math.exp((shares[other] ?? 0) - top);
        shares[other] = share;
        total += share;
      }
      const weight = labelWeight[label] ?? 1;
      loss += weight * (Math.log(total) + top - own);
      for (let other = 0; other < labelCount; other += 1) {
        const error = (shares[other] ?? 0) / total - (other === label ? 1 : 0);
        addFeatures(gradient, other * width, features, weight * error);
      }
    }
    return loss;
  };
}
