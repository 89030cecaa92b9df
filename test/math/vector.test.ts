import { expect, it } from 'vitest';
import { addScaled, dot, dotSparse } from '../../src/math/vector.js';

/** Powers of ten, so that each product has a digit of its own in a sum. */
const powers = (count: number) => Float64Array.from({ length: count }, (_, i) => 10 ** i);
const fromOneOn = (count: number) => Float64Array.from({ length: count }, (_, i) => i + 1);

it.each([
  [0, 0],
  [1, 1],
  [3, 321],
  [4, 4321],
  [5, 54_321],
  [8, 87_654_321],
  [9, 987_654_321],
])('gives the inner product of %i numbers, each counted once', (count, product) => {
  expect(dot(powers(count), fromOneOn(count))).toBe(product);
  expect(dot(fromOneOn(count), powers(count))).toBe(product);
});

it('multiplies only the numbers from the given offset on', () => {
  const numbers = Float64Array.of(50, 60, ...powers(6), 70);
  expect(dot(numbers, Float32Array.of(1, 2, 3, 4, 5, 6), 2)).toBe(654_321);
});

it('multiplies a sparse vector with the numbers from the given offset on', () => {
  const numbers = Float64Array.of(50, ...powers(5), 60);
  expect(dotSparse(numbers, { indexes: [0, 2, 4], values: [7, 8, 9] }, 1)).toBe(90_807);
  expect(dotSparse(numbers, { indexes: [], values: [] }, 1)).toBe(0);
});

it('adds a multiple from the given offset on, and leaves the other numbers unchanged', () => {
  const target = Float64Array.of(1, 2, 3, 4);
  addScaled(target, Float64Array.of(10, 20), 3, 1);
  expect([...target]).toEqual([1, 32, 63, 4]);
  addScaled(target, Float64Array.of(1), -1);
  expect([...target]).toEqual([0, 32, 63, 4]);
});
