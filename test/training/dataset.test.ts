import { expect, it } from 'vitest';
import { DataError, type LabelledRecord } from '../../src/training/data.js';
import { toDataset, type Dataset } from '../../src/training/dataset.js';

function datasetOf(rows: readonly (readonly [message: string, label: string])[], unlabelled: number[] = []) {
  const records = rows.map(([message, label], index): LabelledRecord => {
    return { source: ` S${index} `, message, label, line: index + 2 };
  });
  return toDataset({ records, unlabelled });
}

const enough = [
  ['alpha', 'A'],
  ['beta', 'A'],
  ['gamma', 'B'],
  ['delta', 'B'],
] as const;

function examplesOf({ examples, labels }: Dataset): unknown[] {
  return examples.map(({ template, source, label }) => [template, source, labels[label]]);
}

it('makes one example of the rows that come out as one template', () => {
  const dataset = datasetOf([['took 17 ms', 'B'], ['other', 'A'], ['took 4250 ms', 'B']]); // prettier-ignore
  expect(examplesOf(dataset)).toEqual([
    ['took <num> ms', 'S0', 'B'],
    ['other', 'S1', 'A'],
  ]);
  expect(dataset).toMatchObject({ rows: 3, labels: ['A', 'B'] });
});

it('warns of nothing where nothing is wrong', () => {
  expect(datasetOf(enough).warnings).toEqual([]);
});

it('takes the most frequent label of a template, and names the lines that differ', () => {
  const dataset = datasetOf([...enough, ['port 10', 'A'], ['port 20', 'B'], ['port 30', 'B']]);
  expect(examplesOf(dataset).at(-1)).toEqual(['port <num>', 'S4', 'B']);
  expect(dataset.warnings).toEqual([
    'One template has several labels; "B" is taken: line 6 "A", line 7 "B", line 8 "B".',
  ]);
});

it('takes the first of equally frequent labels', () => {
  const dataset = datasetOf([...enough, ['port 10', 'B'], ['port 20', 'A']]);
  expect(examplesOf(dataset).at(-1)).toEqual(['port <num>', 'S4', 'B']);
});

it('keeps a long list of conflicts short', () => {
  const words = ['ant', 'bee', 'cat', 'dog', 'elk', 'fox', 'gnu'];
  const { warnings } = datasetOf([...enough, ...words.flatMap((w) => [[w, 'A'], [w, 'B']] as const)]); // prettier-ignore
  expect(warnings).toHaveLength(6);
  expect(warnings.at(-1)).toBe('2 more templates have several labels.');
});

it('warns of labels with a single template and of rows without a label', () => {
  const { warnings } = datasetOf([...enough, ['rare', 'C']], [4, 7, 9, 11, 12, 20]);
  expect(warnings).toEqual([
    '6 rows have no target_label and are left out: line 4, 7, 9, 11, 12 and 1 more.',
    'A single template is too few to learn and judge a label by; add lines to "C". It is trained all the same.',
  ]);
});

it('refuses data with a single label', () => {
  const single = () => datasetOf([['a', 'A'], ['b', 'A']]); // prettier-ignore
  expect(single).toThrow(DataError);
  expect(single).toThrow('All rows have the label "A": training needs two labels or more.');
});
