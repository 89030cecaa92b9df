import { expect, it } from 'vitest';
import { DataError, type LabelledRecord } from '../../src/labelled-data/labelled-rows.js';
import { toDataset, type Dataset } from '../../src/training/dataset.js';

function datasetOf(rows: readonly (readonly [message: string, label: string])[], unlabelled: number[] = []) {
  const records = rows.map(([message, label], index): LabelledRecord => {
    return { source: ` S${index} `, message, label, line: index + 2 };
  });
  return toDataset({ records, unlabelled });
}

/** Ten templates of each of two labels: nothing to warn of. Lines 2 to 21. */
const enough = ['A', 'B'].flatMap((label) =>
  'a b c d e f g h i j'.split(' ').map((letter) => [`${letter} of ${label}`, label] as const),
);

function examplesOf({ examples, labels }: Dataset): unknown[] {
  return examples.map(({ template, group, label }) => [template, group, labels[label]]);
}

it('groups by the family that the data names, else by source', () => {
  const records = ['A', 'B'].map((label, index): LabelledRecord => {
    return { source: 'S', message: label, label, line: index + 2, ...(index ? { family: 'mail' } : {}) };
  });
  const dataset = toDataset({ records, unlabelled: [] });
  expect(dataset.groupedBy).toBe('family');
  expect(dataset.examples.map(({ group }) => group)).toEqual(['S', 'mail']);
  expect(datasetOf(enough).groupedBy).toBe('source');
});

it('learns from a base too, where the data says nothing else', () => {
  const record = (message: string, label: string): LabelledRecord => ({
    source: 'S',
    message,
    label,
    line: 2,
  });
  const own = { records: [record('disk full', 'Mine'), record('all well', 'Other')], unlabelled: [] };
  const base = { records: [record('disk full', 'Base'), record('link down', 'Base')], unlabelled: [] };
  const dataset = toDataset(own, { base });
  expect(dataset.examples.map(({ template, label, own }) => [template, dataset.labels[label], own])).toEqual([
    ['disk full', 'Mine', true],
    ['all well', 'Other', true],
    ['link down', 'Base', false],
  ]);
  expect(dataset.rows).toBe(4);
});

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
  expect(examplesOf(dataset).at(-1)).toEqual(['port <num>', 'S20', 'B']);
  expect(dataset.warnings).toEqual([
    'One template has several labels; "B" is taken: line 22 "A", line 23 "B", line 24 "B".',
  ]);
});

it('takes the first of equally frequent labels', () => {
  const dataset = datasetOf([...enough, ['port 10', 'B'], ['port 20', 'A']]);
  expect(examplesOf(dataset).at(-1)).toEqual(['port <num>', 'S20', 'B']);
});

it('keeps a long list of conflicts short', () => {
  const words = ['ant', 'bee', 'cat', 'dog', 'elk', 'fox', 'gnu'];
  const { warnings } = datasetOf([...enough, ...words.flatMap((w) => [[w, 'A'], [w, 'B']] as const)]); // prettier-ignore
  expect(warnings.filter((warning) => warning.startsWith('One template'))).toHaveLength(5);
  expect(warnings).toContain('2 more templates have several labels.');
});

it('warns of rows without a label, with the first of their lines', () => {
  const { warnings } = datasetOf(enough, [4, 7, 9, 11, 12, 20]);
  expect(warnings).toEqual([
    '6 rows have no target_label and are left out: line 4, 7, 9, 11, 12 and 1 more.',
  ]);
});

it('warns of rare labels, with their lines', () => {
  const { warnings } = datasetOf([...enough, ['rare', 'C'], ['rarer', 'C'], ['rare', 'C']]);
  expect(warnings).toContain(
    'The label "C" has 2 distinct templates, too few to learn it well: line 22, 23, 24. ' +
      'It is trained all the same; 10 or more are better.',
  );
});

it.each([
  ['Eror', ['Error'], 'Error'],
  ['user  action', ['User Action'], 'User Action'],
  ['Delai', [], 'Delay'],
  ['Delays', [], 'Delay'],
  ['Departure', [], undefined],
])(
  'asks of the rare label %j beside Delay, with %j described, whether %j is meant',
  (label, known, meant) => {
    const records = [...enough.map(([message]) => [message, 'Delay'] as const), ['odd', label] as const];
    const data = { records: records.map(([message, own], i) => ({ source: 'S', message, label: own, line: i + 2 })), unlabelled: [] }; // prettier-ignore
    const { warnings } = toDataset(data, { known: new Set(known) });
    const asked = warnings.filter((warning) => warning.includes('meant?'));
    expect(asked).toEqual(
      meant === undefined ? [] : [expect.stringContaining(`line 22. Is "${meant}" meant?`)],
    );
  },
);

it('keeps warnings few, and compares no letters, when a column of thousands of values is taken for labels', () => {
  const rows = Array.from({ length: 3000 }, (_, index) => {
    const name = String(index).replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));
    return [`${name} happened`, `label ${name}`] as const;
  });
  const { warnings, labels } = datasetOf(rows);
  expect(labels).toHaveLength(3000);
  expect(warnings).toHaveLength(22);
  expect(warnings[0]).toBe('There are 3000 labels, too many to look for slips of the pen among them.');
  expect(warnings.at(-1)).toBe('2980 more labels have fewer than 10 templates.');
});

it('warns of repeated messages, naming both lines', () => {
  const { warnings } = datasetOf([...enough, ['a of A', 'A'], ['j of B', 'B']]);
  expect(warnings).toEqual([
    '2 rows repeat the message of another; a template counts once: line 22 (as line 2), 23 (as line 21).',
  ]);
});

it('warns of a label that is not described, beside labels that are', () => {
  const rows = enough.map(([message, label], index) => [message, index === 3 ? 'a' : label] as const);
  const warningsOf = (known: string[]): readonly string[] => {
    const records = rows.map(([message, label], index) => ({ source: 'S', message, label, line: index + 2 }));
    return toDataset({ records, unlabelled: [] }, { known: new Set(known) }).warnings;
  };
  expect(warningsOf(['A', 'B'])).toContain(
    'The label "a" is not described in the label file: line 5. Is "A" meant?',
  );
  expect(warningsOf(['A'])).toContain(
    'The label "B" is not described in the label file: line 12, 13, 14, 15, 16 and 5 more.',
  );
});

it('refuses data with a single label', () => {
  const single = () => datasetOf([['a', 'A'], ['b', 'A']]); // prettier-ignore
  expect(single).toThrow(DataError);
  expect(single).toThrow('All rows have the label "A": training needs two labels or more.');
});
