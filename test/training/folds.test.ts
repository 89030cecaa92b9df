import { expect, it } from 'vitest';
import { FOLD_COUNT, groupFolds, stratifiedFolds, type Folds } from '../../src/training/folds.js';
import { seededRandom } from '../../src/training/random.js';

const labelOf = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 0 : 1));
const groupOf = labelOf.map((_, index) => `system${index % 13}`);

function sizes(folds: Folds, belongs: (index: number) => boolean = () => true): number[] {
  return Array.from({ length: FOLD_COUNT }, (_, fold) => {
    return folds.filter((value, index) => value === fold && belongs(index)).length;
  });
}

it('deals each label out evenly', () => {
  const folds = stratifiedFolds(labelOf, seededRandom(1));
  expect(sizes(folds, (index) => labelOf[index] === 0)).toEqual([4, 4, 4, 4, 4]);
  expect(sizes(folds, (index) => labelOf[index] === 1)).toEqual([8, 8, 8, 8, 8]);
});

it('deals the same out for the same seed, otherwise for another', () => {
  const deal = (seed: number): Folds => stratifiedFolds(labelOf, seededRandom(seed));
  expect(deal(1)).toEqual(deal(1));
  expect(deal(1)).not.toEqual(deal(2));
});

it('keeps the lines of a group together, in folds of about one size', () => {
  const folds = groupFolds(groupOf, labelOf, seededRandom(1)) ?? [];
  for (const group of new Set(groupOf)) {
    expect(new Set(folds.filter((_, index) => groupOf[index] === group)).size).toBe(1);
  }
  expect(Math.max(...sizes(folds)) - Math.min(...sizes(folds))).toBeLessThanOrEqual(6);
});

it.each([
  ['there are fewer groups than folds', labelOf.map((_, index) => `system${index % 4}`), labelOf],
  ['a group holds all lines of a label', groupOf, groupOf.map((group) => Number(group === 'system3'))],
])('gives no group folds when %s', (_, groups, labels) => {
  expect(groupFolds(groups, labels, seededRandom(1))).toBeUndefined();
});
