import { expect, it } from 'vitest';
import { addFeatures, meanOf, product, toFeatures, toPlainWeights } from '../../src/training/features.js';
import { seededRandom } from '../../src/math/random.js';

const random = seededRandom(3);
const numbers = (length: number): number[] => Array.from({ length }, () => random() * 2 - 1);
const embeddings = Array.from({ length: 6 }, () => Float32Array.from(numbers(7)));
const mean = meanOf(embeddings);
const terms = { indexes: [0, 2], values: [0.5, 2] };
const [embedding = new Float32Array()] = embeddings;
const features = toFeatures(embedding, terms, { mean, size: 3 });
const width = 7 + 3 + 1;

it('computes the mean of embeddings', () => {
  const pair = [Float32Array.of(1, 0), Float32Array.of(3, -2)];
  expect([...meanOf(pair)]).toEqual([2, -1]);
});

it('treats missing terms as zeros in the product', () => {
  const weights = Float64Array.from(numbers(2 * width));
  const constant = features.values.at(-1) ?? 0;
  const dense = [...features.embedding, 0.5, 0, 2, constant];
  const expected = dense.reduce((sum, value, i) => sum + value * (weights[width + i] ?? 0), 0);
  expect(product(weights, width, features)).toBeCloseTo(expected, 12);
});

it('adds the features to the weights of one label only', () => {
  const weights = new Float64Array(2 * width);
  addFeatures(weights, width, features, 3);
  const square = [...features.embedding, ...features.values].reduce((sum, value) => sum + value ** 2, 0);
  expect(product(weights, width, features)).toBeCloseTo(3 * square, 12);
  expect(weights.subarray(0, width).every((weight) => weight === 0)).toBe(true);
});

it('converts weights so that an uncentred embedding and a constant 1 give the same logits', () => {
  const weights = Float64Array.from(numbers(2 * width));
  const plain = toPlainWeights({ weights, width, labelCount: 2 }, mean);
  for (const label of [0, 1]) {
    const vector = [...embedding, 0.5, 0, 2, 1];
    const sum = vector.reduce((sum, value, i) => sum + value * (plain[label * width + i] ?? 0), 0);
    expect(sum).toBeCloseTo(product(weights, label * width, features), 10);
  }
});
