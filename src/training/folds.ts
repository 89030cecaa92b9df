import { groupBy } from './group-by.js';
import { shuffled, type Random } from './random.js';

/** The fold of each example, counted from 0: the part that it is held out in. */
export type Folds = readonly number[];

/** How many parts cross-validation cuts the data into. */
export const FOLD_COUNT = 5;

/**
 * Deals the examples out to folds at random, each label evenly. What is measured on such folds flatters: the
 * systems of the held-out examples are in the training part too.
 */
export function stratifiedFolds(labelOf: readonly number[], random: Random): Folds {
  const folds = new Array<number>(labelOf.length).fill(0);
  let next = 0;
  for (const examples of groupIndexes(labelOf).values()) {
    for (const example of shuffled(examples, random)) folds[example] = next++ % FOLD_COUNT;
  }
  return folds;
}

/**
 * Deals whole groups of systems out to folds, so that an example is judged by what was learnt from other
 * systems. The largest groups first, each into the fold with the fewest examples so far.
 * @returns undefined when there are fewer groups than folds, or when a fold would take all examples of a
 *   label: such a split cannot judge the label.
 */
export function groupFolds(
  groupOf: readonly string[],
  labelOf: readonly number[],
  random: Random,
): Folds | undefined {
  const groups = shuffled([...groupIndexes(groupOf).values()], random);
  if (groups.length < FOLD_COUNT) return undefined;
  groups.sort((a, b) => b.length - a.length);
  const sizes = new Array<number>(FOLD_COUNT).fill(0);
  const folds = new Array<number>(groupOf.length).fill(0);
  for (const examples of groups) {
    const fold = sizes.indexOf(Math.min(...sizes));
    sizes[fold] = (sizes[fold] ?? 0) + examples.length;
    for (const example of examples) folds[example] = fold;
  }
  const isSpread = (examples: readonly number[]): boolean =>
    new Set(examples.map((example) => folds[example])).size > 1;
  return [...groupIndexes(labelOf).values()].every(isSpread) ? folds : undefined;
}

/** The indexes of equal values. */
function groupIndexes<T>(values: readonly T[]): Map<T, number[]> {
  const indexed = values.map((value, index) => ({ value, index }));
  const groups = groupBy(indexed, ({ value }) => value);
  return new Map([...groups].map(([value, group]) => [value, group.map(({ index }) => index)]));
}
