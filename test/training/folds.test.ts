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

it('spreads each label evenly over the folds', () => {
  const { folds, unmeasurable } = stratifiedSplit(labelOf, seededRandom(1));
  expect(sizes(folds, (index) => labelOf[index] === 0)).toEqual([4, 4, 4, 4, 4]);
  expect(sizes(folds, (index) => labelOf[index] === 1)).toEqual([8, 8, 8, 8, 8]);
  expect([...unmeasurable]).toEqual([]);
});

it('returns the same split for the same seed and another for another seed', () => {
  const splitFor = (seed: number): Split => stratifiedSplit(labelOf, seededRandom(seed));
  expect(splitFor(1)).toEqual(splitFor(1));
  expect(splitFor(1)).not.toEqual(splitFor(2));
});

it('reports a label with one example as unmeasurable if at least two others can be measured', () => {
  expect([...stratifiedSplit([...labelOf, 2], seededRandom(1)).unmeasurable]).toEqual([2]);
  expect([...stratifiedSplit([0, 0, 1], seededRandom(1)).unmeasurable]).toEqual([]);
});

it('keeps the lines of a group together in folds of similar size', () => {
  const { folds, unmeasurable } = splitByGroup(groupOf, labelOf);
  for (const group of new Set(groupOf)) {
    expect(new Set(folds.filter((_, index) => groupOf[index] === group)).size).toBe(1);
  }
  expect(Math.max(...sizes(folds)) - Math.min(...sizes(folds))).toBeLessThanOrEqual(6);
  expect([...unmeasurable]).toEqual([]);
});

it('reports a label with one group as unmeasurable and holds out groups anyway', () => {
  const labels = labelOf.map((label, index) => (groupOf[index] === 'system3' ? 2 : label));
  const { folds, unmeasurable } = splitByGroup(groupOf, labels);
  expect([...unmeasurable]).toEqual([2]);
  expect(folds).toEqual(splitByGroup(groupOf, labelOf).folds);
});

it.each(SEEDS)('measures a label with two groups for any seed (%i)', (seed) => {
  const labels = labelOf.map((label, index) => {
    return ['system3', 'system7'].includes(groupOf[index] ?? '') ? 2 : label;
  });
  expect([...splitByGroup(groupOf, labels, seed).unmeasurable]).toEqual([]);
});

it.each([
  ['few-groups', 'fewer groups than folds', labelOf.map((_, index) => `system${index % 4}`), labelOf],
  [
    'few-labels',
    'only one label in several groups',
    groupOf,
    groupOf.map((group) => Number(group === 'system3')),
  ],
  ['few-labels', 'no label in several groups', groupOf, groupOf.map((group) => Number(group.slice(6)))],
])('returns %s for %s', (problem, _, groups, labels) => {
  expect(groupSplit(groups, labels, seededRandom(1))).toBe(problem);
});
