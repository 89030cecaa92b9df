import { expect, it } from 'vitest';
import { FOLD_COUNT, groupSplit, stratifiedSplit, type Folds, type Split } from '../../src/training/folds.js';
import { seededRandom } from '../../src/math/random.js';

const labelOf = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 0 : 1));
const groupOf = labelOf.map((_, index) => `system${index % 13}`);
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

function sizes(folds: Folds, belongs: (index: number) => boolean = () => true): number[] {
  return Array.from({ length: FOLD_COUNT }, (_, fold) => {
    return folds.filter((value, index) => value === fold && belongs(index)).length;
  });
}

function splitByGroup(groups: readonly string[], labels: readonly number[], seed = 1): Split {
  const split = groupSplit(groups, labels, seededRandom(seed));
  if (typeof split === 'string') throw new Error(split);
  return split;
}

it('deals each label out evenly', () => {
  const { folds, unjudged } = stratifiedSplit(labelOf, seededRandom(1));
  expect(sizes(folds, (index) => labelOf[index] === 0)).toEqual([4, 4, 4, 4, 4]);
  expect(sizes(folds, (index) => labelOf[index] === 1)).toEqual([8, 8, 8, 8, 8]);
  expect([...unjudged]).toEqual([]);
});

it('deals the same out for the same seed, otherwise for another', () => {
  const deal = (seed: number): Split => stratifiedSplit(labelOf, seededRandom(seed));
  expect(deal(1)).toEqual(deal(1));
  expect(deal(1)).not.toEqual(deal(2));
});

it('leaves a label of one example unjudged, as long as there are others to judge', () => {
  expect([...stratifiedSplit([...labelOf, 2], seededRandom(1)).unjudged]).toEqual([2]);
  expect([...stratifiedSplit([0, 0, 1], seededRandom(1)).unjudged]).toEqual([]);
});

it('keeps the lines of a group together, in folds of about one size', () => {
  const { folds, unjudged } = splitByGroup(groupOf, labelOf);
  for (const group of new Set(groupOf)) {
    expect(new Set(folds.filter((_, index) => groupOf[index] === group)).size).toBe(1);
  }
  expect(Math.max(...sizes(folds)) - Math.min(...sizes(folds))).toBeLessThanOrEqual(6);
  expect([...unjudged]).toEqual([]);
});

it('leaves a label of one group alone unjudged, and holds whole groups out all the same', () => {
  const labels = labelOf.map((label, index) => (groupOf[index] === 'system3' ? 2 : label));
  const { folds, unjudged } = splitByGroup(groupOf, labels);
  expect([...unjudged]).toEqual([2]);
  expect(folds).toEqual(splitByGroup(groupOf, labelOf).folds);
});

it.each(SEEDS)('judges a label of two groups, whatever the seed (%i)', (seed) => {
  const labels = labelOf.map((label, index) => {
    return ['system3', 'system7'].includes(groupOf[index] ?? '') ? 2 : label;
  });
  expect([...splitByGroup(groupOf, labels, seed).unjudged]).toEqual([]);
});

it.each([
  ['few-groups', 'fewer groups than folds', labelOf.map((_, index) => `system${index % 4}`), labelOf],
  [
    'few-labels',
    'one label alone in several groups',
    groupOf,
    groupOf.map((group) => Number(group === 'system3')),
  ],
  ['few-labels', 'no label in several groups', groupOf, groupOf.map((group) => Number(group.slice(6)))],
])('says %s when there are %s', (problem, _, groups, labels) => {
  expect(groupSplit(groups, labels, seededRandom(1))).toBe(problem);
});
