import { groupBy } from '../math/group-by.js';
import { shuffled, type Random } from '../math/random.js';

/** The fold of each example, counted from 0: the part that it is held out in. */
export type Folds = readonly number[];

/** How many parts cross-validation cuts the data into. */
export const FOLD_COUNT = 5;

/** The examples dealt out to folds, each to be judged by what was learnt from the other folds. */
export interface Split {
  readonly folds: Folds;
  /**
   * Labels whose examples all lie in one fold. What was learnt from the others has never heard of them, so that
   * it cannot judge them: they are left out of figures, calibration and threshold.
   */
  readonly unjudged: ReadonlySet<number>;
}

/** Why whole groups cannot be held out: fewer groups than folds, or fewer than two labels that could be judged. */
export type NoGroupSplit = 'few-groups' | 'few-labels';

/** Fewer labels to judge say nothing about telling labels apart. */
const MIN_JUDGED = 2;

/**
 * Deals the examples out to folds at random, each label evenly. What is measured on such folds flatters: the
 * systems of the held-out examples are in the training part too.
 */
export function stratifiedSplit(labelOf: readonly number[], random: Random): Split {
  const folds = new Array<number>(labelOf.length).fill(0);
  let next = 0;
  const byLabel = groupIndexes(labelOf);
  for (const examples of byLabel.values()) {
    for (const example of shuffled(examples, random)) folds[example] = next++ % FOLD_COUNT;
  }
  const unjudged = confinedLabels(folds, labelOf);
  // With next to no data poor figures are better than none.
  return { folds, unjudged: byLabel.size - unjudged.size < MIN_JUDGED ? new Set() : unjudged };
}

/**
 * Deals whole groups of systems out to folds, so that an example is judged by what was learnt from other
 * systems. The largest groups first, each into the fold with the fewest examples so far, unless that fold would
 * then hold all examples of a label that has another group too.
 */
export function groupSplit(
  groupOf: readonly string[],
  labelOf: readonly number[],
  random: Random,
): Split | NoGroupSplit {
  const groups = shuffled([...groupIndexes(groupOf).values()], random);
  if (groups.length < FOLD_COUNT) return 'few-groups';
  groups.sort((a, b) => b.length - a.length);
  const labelsOf = groups.map((examples) => [...new Set(examples.map((example) => labelOf[example] ?? 0))]);
  const undealt = new Map([...groupIndexes(labelsOf.flat())].map(([label, own]) => [label, own.length]));
  const foldsOf = new Map<number, Set<number>>();
  const sizes = new Array<number>(FOLD_COUNT).fill(0);
  const folds = new Array<number>(groupOf.length).fill(0);
  groups.forEach((examples, group) => {
    const labels = labelsOf[group] ?? [];
    // The one fold of a label of which this is the last group.
    const closed = labels.flatMap((label) => {
      const own = foldsOf.get(label);
      return undealt.get(label) === 1 && own?.size === 1 ? [...own] : [];
    });
    const fold = smallest(sizes, closed);
    sizes[fold] = (sizes[fold] ?? 0) + examples.length;
    for (const example of examples) folds[example] = fold;
    for (const label of labels) {
      undealt.set(label, (undealt.get(label) ?? 0) - 1);
      foldsOf.set(label, (foldsOf.get(label) ?? new Set()).add(fold));
    }
  });
  const unjudged = confinedLabels(folds, labelOf);
  return undealt.size - unjudged.size < MIN_JUDGED ? 'few-labels' : { folds, unjudged };
}

/** The first of the smallest folds that are not closed; of all, if all are. */
function smallest(sizes: readonly number[], closed: readonly number[]): number {
  const open = sizes.map((size, fold) => (closed.includes(fold) ? Infinity : size));
  const least = Math.min(...open);
  return least === Infinity ? sizes.indexOf(Math.min(...sizes)) : open.indexOf(least);
}

/** The labels whose examples are all in one fold. */
function confinedLabels(folds: Folds, labelOf: readonly number[]): Set<number> {
  const isConfined = (examples: readonly number[]): boolean =>
    new Set(examples.map((example) => folds[example])).size === 1;
  return new Set([...groupIndexes(labelOf)].flatMap(([label, own]) => (isConfined(own) ? [label] : [])));
}

/** The indexes of equal values. */
function groupIndexes<T>(values: readonly T[]): Map<T, number[]> {
  const indexed = values.map((value, index) => ({ value, index }));
  const groups = groupBy(indexed, ({ value }) => value);
  return new Map([...groups].map(([value, group]) => [value, group.map(({ index }) => index)]));
}
