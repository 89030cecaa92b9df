import { expect, it } from 'vitest';
import { riskCoverage } from '../../../src/evaluation/metrics/risk-coverage.js';

const points = [
  { confidence: 0.7, right: false },
  { confidence: 0.9, right: true },
  { confidence: 0.7, right: true },
  { confidence: 0.96, right: true },
];

it('begins with the most confident lines and has one point for equal confidences', () => {
  const { curve } = riskCoverage(points, { lines: 5, threshold: 0.4 });
  expect(curve).toEqual([
    { confidence: 0.96, lines: 1, coverage: 0.2, risk: 0 },
    { confidence: 0.9, lines: 2, coverage: 0.4, risk: 0 },
    { confidence: 0.7, lines: 4, coverage: 0.8, risk: 0.25 },
  ]);
});

it('has points at the head’s threshold and at round thresholds above it', () => {
  const { choices, withheld } = riskCoverage(points, { lines: 5, threshold: 0.65 });
  expect(withheld).toBe(1);
  expect(choices.map(({ confidence, lines }) => [confidence, lines])).toEqual([
    [0.65, 4],
    [0.7, 4],
    [0.8, 2],
    [0.9, 2],
    [0.95, 1],
  ]);
});

it('thins out a long curve but keeps its end', () => {
  const many = Array.from({ length: 1001 }, (_, index) => ({ confidence: index / 1000, right: true }));
  const { curve } = riskCoverage(many, { lines: 1001, threshold: 0 });
  expect(curve.length).toBeLessThanOrEqual(200);
  expect(curve.at(-1)).toEqual({ confidence: 0, lines: 1001, coverage: 1, risk: 0 });
});

it('has no points without lines', () => {
  expect(riskCoverage([], { lines: 0, threshold: 0.4 })).toMatchObject({ curve: [], choices: [] });
});
