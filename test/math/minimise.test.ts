import { expect, it } from 'vitest';
import { minimise, type Objective } from '../../src/math/minimise.js';

/** (x - 3)^2 + 100 (y + 1)^2: a long narrow valley. */
const valley: Objective = (x, gradient) => {
  const [a = 0, b = 0] = x;
  gradient.set([2 * (a - 3), 200 * (b + 1)]);
  return (a - 3) ** 2 + 100 * (b + 1) ** 2;
};

it('finds the minimum of a narrow valley', () => {
  const [x = 0, y = 0] = minimise(valley, Float64Array.of(-40, 70), 1e-9);
  expect(x).toBeCloseTo(3, 6);
  expect(y).toBeCloseTo(-1, 6);
});

it('stays at a minimum that it starts from, and does not modify its start', () => {
  const start = Float64Array.of(3, -1);
  const found = minimise(valley, start);
  expect([...found]).toEqual([3, -1]);
  expect(found).not.toBe(start);
});

it('ends when no step decreases the value', () => {
  // The gradient has the wrong sign, so every step increases the value.
  const misleading: Objective = (x, gradient) => {
    gradient.set([-1]);
    return Math.abs(x[0] ?? 0);
  };
  expect([...minimise(misleading, Float64Array.of(0))]).toEqual([0]);
});
