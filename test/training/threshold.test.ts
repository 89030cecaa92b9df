import { expect, it } from 'vitest';
import { chooseThreshold } from '../../src/training/threshold.js';

it('turns away no more than one in twenty', () => {
  const outcomes = Array.from({ length: 100 }, (_, index) => {
    return { confidence: 0.2 + index * 0.005, right: index >= 50 };
  });
  const chosen = chooseThreshold(outcomes);
  expect(chosen.threshold).toBeCloseTo(0.225, 6);
  expect(chosen.coverage).toBe(0.95);
  expect(chosen.accuracy).toBeCloseTo(50 / 95);
});

it('turns away as much as would have been wrong twice as often as right', () => {
  // Of the least confident four one is right, of the least confident five two.
  const right = [false, false, true, false, true, ...new Array<boolean>(95).fill(true)];
  const outcomes = right.map((right, index) => ({ confidence: 0.2 + index * 0.008, right }));
  const chosen = chooseThreshold(outcomes);
  expect(chosen.threshold).toBeCloseTo(0.232, 6);
  expect(chosen.coverage).toBe(0.96);
});

it('turns away nothing that is more likely right than wrong', () => {
  const outcomes = Array.from({ length: 50 }, () => ({ confidence: 0.99, right: true }));
  expect(chooseThreshold(outcomes)).toEqual({ threshold: 0.5, coverage: 1, accuracy: 1 });
});
