import { groupBy } from '../math/group-by.js';
import { shuffled, type Random } from '../math/random.js';

/** For each example the fold in which it is held out, counted from 0. */
export type Folds = readonly number[];

/** The number of folds in cross-validation. */
export const FOLD_COUNT = 5;

/** The assignment of the examples to folds. */
export interface Split {
  readonly folds: Folds;
  /**
   * Indexes of the labels whose examples are all in one fold. A model fitted to the other folds does not know such a
   * label and never predicts it. Therefore figures, calibration and threshold leave these labels out.
   */
  readonly unmeasurable: ReadonlySet<number>;
}

/** Why groups cannot be held out: fewer groups than folds, or fewer than two measurable labels. */
export type NoGroupSplit = 'few-groups' | 'few-labels';

/** With a single measurable label, accuracy would be meaningless. */
const MIN_MEASURABLE = 2;

/**
 * Assigns examples to folds at random, with the examples of each label spread evenly. Figures from such folds are too
 * optimistic: the model has seen other lines of the same systems.
 * @param labelOf the label index of each example
 */
export function stratifiedSplit(labelOf: readonly number[], random: Random): Split {
  const folds = new Array<number>(labelOf.length).fill(0);
  let next = 0;
  const byLabel = groupIndexes(labelOf);
  for (const examples of byLabel.values()) {
    for (const example of shuffled(examples, random)) folds[example] = next++ % FOLD_COUNT;
  }
  const unmeasurable = singleFoldLabels(folds, labelOf);
  // With very little data, poor figures are better than none.
  const isMeasurable = byLabel.size - unmeasurable.size >= MIN_MEASURABLE;
  return { folds, unmeasurable: isMeasurable ? unmeasurable : new Set() };
}

/**
 * Assigns complete groups to folds, so that an example is measured by a model that has not seen its group. Takes the
 * largest group first and puts each group into the fold with the fewest examples. A fold is skipped if it would then
 * hold all examples of a label that occurs in several groups.
 * @param groupOf the group of each example
 * @param labelOf the label index of each example
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
  /** For each label the number of its groups that are not assigned yet. */
  const groupsLeft = new Map(
    [...groupIndexes(labelsOf.flat())].map(([label, groupsOfLabel]) => [label, groupsOfLabel.length]),
  );
  const foldsOf = new Map<number, Set<number>>();
  const sizes = new Array<number>(FOLD_COUNT).fill(0);
  const folds = new Array<number>(groupOf.length).fill(0);
  groups.forEach((examples, group) => {
    const labels = labelsOf[group] ?? [];
    // The last group of a label must not go into the fold that holds all its other groups.
    const excluded = labels.flatMap((label) => {
      const used = foldsOf.get(label);
      return groupsLeft.get(label) === 1 && used?.size === 1 ? [...used] : [];
    });
    const fold = smallestFold(sizes, excluded);
    sizes[fold] = (sizes[fold] ?? 0) + examples.length;
    for (const example of examples) folds[example] = fold;
    for (const label of labels) {
      groupsLeft.set(label, (groupsLeft.get(label) ?? 0) - 1);
      foldsOf.set(label, (foldsOf.get(label) ?? new Set()).add(fold));
    }
  });
  const unmeasurable = singleFoldLabels(folds, labelOf);
  return groupsLeft.size - unmeasurable.size < MIN_MEASURABLE ? 'few-labels' : { folds, unmeasurable };
}

/** Returns the first of the smallest folds that are not excluded, or of all folds if all are excluded. */
function smallestFold(sizes: readonly number[], excluded: readonly number[]): number {
  const allowed = sizes.map((size, fold) => (excluded.includes(fold) ? Infinity : size));
  const least = Math.min(...allowed);
  return least === Infinity ? sizes.indexOf(Math.min(...sizes)) : allowed.indexOf(least);
}

/** Returns the labels whose examples are all in one fold. */
function singleFoldLabels(folds: Folds, labelOf: readonly number[]): Set<number> {
  const isInOneFold = (examples: readonly number[]): boolean =>
    new Set(examples.map((example) => folds[example])).size === 1;
  return new Set(
    [...groupIndexes(labelOf)].flatMap(([label, examples]) => (isInOneFold(examples) ? [label] : [])),
  );
}

/** Returns for each distinct value the indexes at which it occurs. */
function groupIndexes<T>(values: readonly T[]): Map<T, number[]> {
  const indexed = values.map((value, index) => ({ value, index }));
  const groups = groupBy(indexed, ({ value }) => value);
  return new Map([...groups].map(([value, group]) => [value, group.map(({ index }) => index)]));
}
