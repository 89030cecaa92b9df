import { expect, it } from 'vitest';
import { calibrationError } from '../../../src/evaluation/metrics/calibration-error.js';
import { wilsonInterval } from '../../../src/evaluation/metrics/figures.js';
import { reliabilityBins } from '../../../src/evaluation/metrics/reliability.js';

const outcomes = [
  { confidence: 0.62, right: true },
  { confidence: 0.68, right: false },
  { confidence: 0.9, right: true },
  { confidence: 1, right: true },
];

it('has ten intervals from 0 to 1, with nulls where there is no line', () => {
  const bins = reliabilityBins([]);
  expect(bins.map(({ from, to }) => [from, to])).toEqual(
    Array.from({ length: 10 }, (_, index) => [index / 10, (index + 1) / 10]),
  );
  expect(bins[0]).toMatchObject({ lines: 0, meanConfidence: null, accuracy: null, accuracyInterval: null });
});

it('sets mean confidence against the share that is right', () => {
  const bins = reliabilityBins(outcomes);
  expect(bins.map(({ lines }) => lines)).toEqual([0, 0, 0, 0, 0, 0, 2, 0, 0, 2]);
  expect(bins[6]?.meanConfidence).toBeCloseTo(0.65);
  expect(bins[6]).toMatchObject({ accuracy: 0.5, accuracyInterval: wilsonInterval(0.5, 2) });
  expect(bins[9]).toMatchObject({ meanConfidence: 0.95, accuracy: 1 });
});

it('agrees with the calibration error', () => {
  const gaps = reliabilityBins(outcomes).map(({ lines, meanConfidence, accuracy }) => {
    return (lines / outcomes.length) * Math.abs((meanConfidence ?? 0) - (accuracy ?? 0));
  });
  expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBeCloseTo(calibrationError(outcomes));
});
