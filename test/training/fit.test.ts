import { expect, it } from 'vitest';
import { fit, logitsOf, toFeatures, type Sample } from '../../src/training/fit.js';
import { seededRandom } from '../../src/training/random.js';

/** Points around three corners of a triangle. */
function triangle(perLabel: number): Sample[] {
  const random = seededRandom(5);
  const corners = [[0, 1], [1, -1], [-1, -1]] as const; // prettier-ignore
  return corners.flatMap(([x, y], label) =>
    Array.from({ length: perLabel }, () => {
      const point = Float32Array.of(x + random() - 0.5, y + random() - 0.5);
      return { features: toFeatures(point), label };
    }),
  );
}

function guess(weights: readonly Float64Array[], { features }: Sample): number {
  const logits = logitsOf(weights, features);
  return logits.indexOf(Math.max(...logits));
}

it('puts a constant 1 behind the embedding', () => {
  expect([...toFeatures(Float32Array.of(0.5, -0.25))]).toEqual([0.5, -0.25, 1]);
});

it('tells separable labels apart', () => {
  const samples = triangle(20);
  const weights = fit(samples, { labelCount: 3, c: 10 });
  expect(samples.every((sample) => guess(weights, sample) === sample.label)).toBe(true);
});

it('gives exactly the same weights each time', () => {
  const samples = triangle(20);
  expect(fit(samples, { labelCount: 3, c: 3 })).toEqual(fit(samples, { labelCount: 3, c: 3 }));
});

it('reaches the point where penalty and data balance', () => {
  // For one sample of each of two labels at +1 and -1 the weight w solves w = 2 c / (1 + e^w).
  const samples = [1, -1].map((x, label) => ({ features: Float64Array.of(x), label }));
  const [first, second] = fit(samples, { labelCount: 2, c: 2 });
  const w = first?.[0] ?? 0;
  expect(w).toBeCloseTo(4 / (1 + Math.exp(w)), 5);
  expect(second?.[0]).toBeCloseTo(-w, 6);
});

it('keeps weights smaller the less the data counts', () => {
  const samples = triangle(10);
  const size = (c: number): number => Math.hypot(...(fit(samples, { labelCount: 3, c })[0] ?? []));
  expect(size(0.01)).toBeLessThan(size(1));
  expect(size(1)).toBeLessThan(size(100));
});

it('never prefers a label without a sample, and stays finite', () => {
  const samples = triangle(10);
  const weights = fit(samples, { labelCount: 4, c: 1000 });
  expect(weights.flatMap((vector) => [...vector]).every(Number.isFinite)).toBe(true);
  expect(samples.every((sample) => guess(weights, sample) !== 3)).toBe(true);
});

it('does not drown a rare label', () => {
  const [common = [], rare = []] = [0, 1].map((label) => triangle(40).filter((s) => s.label === label));
  const samples = [...common, ...rare.slice(0, 3)];
  const weights = fit(samples, { labelCount: 2, c: 1 });
  expect(rare.filter((sample) => guess(weights, sample) === 1).length).toBeGreaterThan(30);
});
