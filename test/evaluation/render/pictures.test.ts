import { expect, it } from 'vitest';
import { barsPicture } from '../../../src/evaluation/render/bars-picture.js';
import { confusionPicture } from '../../../src/evaluation/render/confusion-picture.js';
import { confusionOf } from '../../../src/evaluation/metrics/confusion.js';
import { reliabilityPicture } from '../../../src/evaluation/render/reliability-picture.js';
import { reliabilityBins } from '../../../src/evaluation/metrics/reliability.js';
import { riskCoveragePicture } from '../../../src/evaluation/render/risk-coverage-picture.js';
import { riskCoverage } from '../../../src/evaluation/metrics/risk-coverage.js';

/** Counts the matches. */
function count(svg: string, pattern: RegExp): number {
  return [...svg.matchAll(pattern)].length;
}

it('shades the cells of the confusion matrix by their share of the row', () => {
  const svg = confusionPicture({ labels: ['A', 'B'], counts: [[3, 1], [0, 2]], rare: 0 }); // prettier-ignore
  expect(svg).toContain('<title>A, given B: 1 of 4 (25.0 %)</title>');
  expect(svg).toContain('class="wrong" fill-opacity="0.36"');
  expect(svg).toContain('class="right" fill-opacity="0.79"');
});

it('draws at most forty labels and names the number of the others', () => {
  const labels = Array.from({ length: 60 }, (_, index) => `L${index}`);
  const perLabel = labels.map((label, support) => ({ label, precision: 1, recall: 1, f1: 1, support }));
  expect(barsPicture(perLabel)).toContain('and 20 rarer labels');
  const pairs = labels.map((label) => ({ expected: label, given: label }));
  expect(confusionPicture(confusionOf(pairs))).toContain('>21 rarer labels</text>');
});

it('escapes hostile labels', () => {
  const svg = confusionPicture({ labels: ['</style><script>'], counts: [[1]], rare: 0 });
  expect(svg).not.toContain('<script>');
  expect(svg).toContain('&lt;/style&gt;&lt;script&gt;');
});

it('draws a point for each interval with lines and names the calibration error', () => {
  const bins = reliabilityBins([{ confidence: 0.95, right: true }]);
  const svg = reliabilityPicture({ bins, error: 0.05 });
  expect(count(svg, /<circle/g)).toBe(1);
  expect(svg).toContain('Reliability diagram of the embedding tier: expected calibration error 0.050');
});

it('marks the head’s threshold at the end of the curve', () => {
  const points = Array.from({ length: 40 }, (_, index) => ({
    confidence: 0.6 + index / 100,
    right: index > 3,
  }));
  const svg = riskCoveragePicture(riskCoverage(points, { lines: 50, threshold: 0.345 }));
  expect(svg).toContain('At the head’s threshold 0.345');
  expect(svg).toContain('80.0 % keep a label, 10.0 % of these wrong');
  expect(count(svg, /class="marked"/g)).toBe(1);
});

it.each([
  ['reliability', reliabilityPicture({ bins: reliabilityBins([]), error: null })],
  ['risk and coverage', riskCoveragePicture(riskCoverage([], { lines: 3, threshold: 0.4 }))],
])('says in the %s picture that there are no lines', (_, svg) => {
  expect(svg.toLowerCase()).toContain('no line kept a label of this tier');
  expect(svg).not.toMatch(/NaN|Infinity/);
});
