import { expect, it } from 'vitest';
import { fitTemperature, predict, logLoss, type ScoredExample } from '../../src/training/calibration.js';

/** A hundred examples with the same logits, `right` of them with the label that wins. */
function scored(right: number, lead: number): ScoredExample[] {
  return Array.from({ length: 100 }, (_, index) => {
    return { logits: Float64Array.of(lead, 0), label: index < right ? 0 : 1 };
  });
}

it.each([
  [70, 5],
  [90, 1],
  [99, 0.5],
])('makes the confidence equal to the share of right examples: %i in 100', (right, lead) => {
  const temperature = fitTemperature(scored(right, lead));
  expect(predict(Float64Array.of(lead, 0), temperature).confidence).toBeCloseTo(right / 100, 2);
});

it('finds a finite temperature if no example is wrong', () => {
  const temperature = fitTemperature(scored(100, 3));
  expect(temperature).toBeGreaterThan(0.04);
  expect(temperature).toBeLessThan(1);
});

it('returns a probability for logits whose exponential overflows', () => {
  const logits = Float64Array.of(5000, -5000, 4999);
  expect(predict(logits, 1)).toEqual({ label: 0, confidence: expect.closeTo(0.7311, 4) as number });
  expect(logLoss([{ logits, label: 1 }], 1)).toBeCloseTo(10_000.31, 1);
});
