import { expect, it } from 'vitest';
import type { Features } from '../../src/training/features.js';
import type { LinearModel } from '../../src/training/features.js';
import { fit, logitsOf, type Sample } from '../../src/training/fit.js';
import { seededRandom } from '../../src/math/random.js';

/** A point in the plane, with a constant 1 as its only term. */
function point(x: number, y: number): Features {
  return { embedding: Float64Array.of(x, y), indexes: Int32Array.of(2), values: Float64Array.of(1) };
}

/** Points around three corners of a triangle. */
function triangle(perLabel: number): Sample[] {
  const random = seededRandom(5);
  const corners = [[0, 1], [1, -1], [-1, -1]] as const; // prettier-ignore
  return corners.flatMap(([x, y], label) =>
    Array.from({ length: perLabel }, () => {
      return { features: point(x + random() - 0.5, y + random() - 0.5), label };
    }),
  );
}

const size = { labelCount: 3, width: 3 };

function predictedLabel(model: LinearModel, { features }: Sample): number {
  const logits = logitsOf(model, features);
  return logits.indexOf(Math.max(...logits));
}

it('tells separable labels apart', () => {
  const samples = triangle(20);
  const model = fit(samples, { ...size, c: 10 });
  expect(samples.every((sample) => predictedLabel(model, sample) === sample.label)).toBe(true);
});

it('learns from terms if the embeddings are equal', () => {
  const samples = [0, 1, 2].map((label): Sample => {
    const features = { indexes: Int32Array.of(2 + label), values: Float64Array.of(1.5) };
    return { features: { ...features, embedding: Float64Array.of(0.1, 0.1) }, label };
  });
  const model = fit(samples, { labelCount: 3, width: 5, c: 10 });
  expect(samples.map((sample) => predictedLabel(model, sample))).toEqual([0, 1, 2]);
});

it('returns exactly the same weights each time', () => {
  const samples = triangle(20);
  expect(fit(samples, { ...size, c: 3 })).toEqual(fit(samples, { ...size, c: 3 }));
});

it('reaches the minimum of penalty and log loss', () => {
  // For two labels with one sample each, at +1 and -1, the weights are w and -w with w = 2 c / (1 + e^2w).
  const samples = [1, -1].map((x, label): Sample => {
    return {
      features: { embedding: Float64Array.of(x), indexes: new Int32Array(), values: new Float64Array() },
      label,
    };
  });
  const { weights } = fit(samples, { labelCount: 2, width: 1, c: 2 });
  const [w = 0, opposite = 0] = weights;
  expect(w).toBeCloseTo(4 / (1 + Math.exp(2 * w)), 2);
  expect(opposite).toBeCloseTo(-w, 6);
});

it('reaches the same minimum from another start', () => {
  const samples = triangle(10);
  const direct = fit(samples, { ...size, c: 3 });
  const viaSmallerC = fit(samples, { ...size, c: 3 }, fit(samples, { ...size, c: 1 }));
  viaSmallerC.weights.forEach((weight, index) => expect(weight).toBeCloseTo(direct.weights[index] ?? 0, 1));
});

it('fits smaller weights for a smaller c', () => {
  const samples = triangle(10);
  const length = (c: number): number => Math.hypot(...fit(samples, { ...size, c }).weights);
  expect(length(0.01)).toBeLessThan(length(1));
  expect(length(1)).toBeLessThan(length(100));
});

it('never predicts a label without a sample and returns finite weights', () => {
  const samples = triangle(10);
  const model = fit(samples, { labelCount: 4, width: 3, c: 1000 });
  expect([...model.weights].every(Number.isFinite)).toBe(true);
  expect(samples.every((sample) => predictedLabel(model, sample) !== 3)).toBe(true);
});

it('predicts a rare label', () => {
  const [common = [], rare = []] = [0, 1].map((label) => triangle(40).filter((s) => s.label === label));
  const samples = [...common, ...rare.slice(0, 3)];
  const model = fit(samples, { labelCount: 2, width: 3, c: 1 });
  expect(rare.filter((sample) => predictedLabel(model, sample) === 1).length).toBeGreaterThan(30);
});
