import { expect, it } from 'vitest';
import { toFigures, wilsonInterval } from '../../../src/evaluation/metrics/figures.js';

const pair = (expected: string, given: string) => ({ expected, given });

/** A: 3 of 4 right. B: 1 of 2 right. X: given once, no lines. */
const figures = toFigures([
  ...Array.from({ length: 3 }, () => pair('A', 'A')),
  pair('A', 'B'),
  pair('B', 'B'),
  pair('B', 'X'),
]);

it('computes accuracy, and the mean recall and F1 of the labels that occur', () => {
  expect(figures.accuracy).toBeCloseTo(4 / 6);
  expect(figures.balancedAccuracy).toBeCloseTo((3 / 4 + 1 / 2) / 2);
  expect(figures.macroF1).toBeCloseTo((6 / 7 + 2 / 4) / 2);
});

it('returns figures for each label, null where they are undefined', () => {
  expect(figures.perLabel).toEqual([
    { label: 'A', precision: 1, recall: 0.75, f1: 6 / 7, support: 4 },
    { label: 'B', precision: 0.5, recall: 0.5, f1: 0.5, support: 2 },
    { label: 'X', precision: 0, recall: null, f1: 0, support: 0 },
  ]);
});

it.each([
  { share: 0.5, n: 10, low: 0.2366, high: 0.7634 },
  { share: 1, n: 20, low: 0.8389, high: 1 },
  { share: 0, n: 20, low: 0, high: 0.1611 },
  { share: 0, n: 0, low: 0, high: 1 },
])('puts $share of $n between $low and $high', ({ share, n, low, high }) => {
  const [from, to] = wilsonInterval(share, n);
  expect(from).toBeCloseTo(low, 4);
  expect(to).toBeCloseTo(high, 4);
});
