import { expect, it } from 'vitest';
import { calibrationError } from '../../../src/evaluation/metrics/calibration-error.js';

it('measures the difference between confidence and the share of right labels', () => {
  const points = Array.from({ length: 10 }, (_, index) => ({ confidence: 0.95, right: index < 8 }));
  expect(calibrationError(points)).toBeCloseTo(0.15);
  const sure = [
    { confidence: 1, right: true },
    { confidence: 0.05, right: false },
  ];
  expect(calibrationError(sure)).toBeCloseTo(0.025);
  expect(calibrationError([])).toBe(0);
});
