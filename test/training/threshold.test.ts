import { expect, it } from 'vitest';
import { chooseThreshold } from '../../src/training/threshold.js';

it('withholds at most one label in twenty', () => {
  const points = Array.from({ length: 100 }, (_, index) => {
    return { confidence: 0.2 + index * 0.005, right: index >= 50 };
  });
  const chosen = chooseThreshold(points);
  expect(chosen.threshold).toBeCloseTo(0.225, 6);
  expect(chosen.coverage).toBe(0.95);
  expect(chosen.accuracy).toBeCloseTo(50 / 95);
});

it('withholds labels while at least twice as many are wrong as are right', () => {
  // One of the four least confident labels is right, and two of the five least confident.
  const right = [false, false, true, false, true, ...new Array<boolean>(95).fill(true)];
  const points = right.map((right, index) => ({ confidence: 0.2 + index * 0.008, right }));
  const chosen = chooseThreshold(points);
  expect(chosen.threshold).toBeCloseTo(0.232, 6);
  expect(chosen.coverage).toBe(0.96);
});

it('withholds no label that is more likely right than wrong', () => {
  const points = Array.from({ length: 50 }, () => ({ confidence: 0.99, right: true }));
  expect(chooseThreshold(points)).toEqual({ threshold: 0.5, coverage: 1, accuracy: 1 });
});
