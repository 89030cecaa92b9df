import { expect, it } from 'vitest';
import { calibrationError } from '../../../src/evaluation/metrics/calibration-error.js';
import { wilsonInterval } from '../../../src/evaluation/metrics/figures.js';
import { reliabilityBins, reliabilityByLabel } from '../../../src/evaluation/metrics/reliability.js';

const points = [
  { confidence: 0.62, right: true },
  { confidence: 0.68, right: false },
  { confidence: 0.9, right: true },
  { confidence: 1, right: true },
];

it('has ten intervals from 0 to 1, with null figures in intervals without lines', () => {
  const bins = reliabilityBins([]);
  expect(bins.map(({ from, to }) => [from, to])).toEqual(
    Array.from({ length: 10 }, (_, index) => [index / 10, (index + 1) / 10]),
  );
  expect(bins[0]).toMatchObject({ lines: 0, meanConfidence: null, accuracy: null, accuracyInterval: null });
});

it('computes mean confidence and accuracy of each interval', () => {
  const bins = reliabilityBins(points);
  expect(bins.map(({ lines }) => lines)).toEqual([0, 0, 0, 0, 0, 0, 2, 0, 0, 2]);
  expect(bins[6]?.meanConfidence).toBeCloseTo(0.65);
  expect(bins[6]).toMatchObject({ accuracy: 0.5, accuracyInterval: wilsonInterval(0.5, 2) });
  expect(bins[9]).toMatchObject({ meanConfidence: 0.95, accuracy: 1 });
});

it('agrees with the calibration error', () => {
  const gaps = reliabilityBins(points).map(({ lines, meanConfidence, accuracy }) => {
    return (lines / points.length) * Math.abs((meanConfidence ?? 0) - (accuracy ?? 0));
  });
  expect(gaps.reduce((sum, gap) => sum + gap, 0)).toBeCloseTo(calibrationError(points));
});

it('computes mean confidence and accuracy of the lines that were given each label', () => {
  const given = ['Error', 'Error', 'User Action', 'Error'];
  const labels = reliabilityByLabel(points.map((point, index) => ({ ...point, given: given[index] ?? '' })));
  expect(labels.map(({ label, lines }) => [label, lines])).toEqual([
    ['Error', 3],
    ['User Action', 1],
  ]);
  expect(labels[0]?.meanConfidence).toBeCloseTo((0.62 + 0.68 + 1) / 3);
  expect(labels[0]?.accuracy).toBeCloseTo(2 / 3);
});
