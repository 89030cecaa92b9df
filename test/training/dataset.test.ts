import { expect, it } from 'vitest';
import { DataError, type LabelledRecord } from '../../src/labelled-data/labelled-csv.js';
import { toDataset, type Dataset } from '../../src/training/dataset.js';

function datasetOf(rows: readonly (readonly [message: string, label: string])[], unlabelled: number[] = []) {
  const records = rows.map(([message, label], index): LabelledRecord => {
    return { source: ` S${index} `, message, label, line: index + 2 };
  });
  return toDataset({ records, unlabelled });
}

/** Ten templates for each of two labels, in lines 2 to 21. They cause no warning. */
const enough = ['A', 'B'].flatMap((label) =>
  'a b c d e f g h i j'.split(' ').map((letter) => [`${letter} of ${label}`, label] as const),
);

function examplesOf({ examples, labels }: Dataset): unknown[] {
  return examples.map(({ template, group, label }) => [template, group, labels[label]]);
}

it('groups by family if the row has one, otherwise by source', () => {
  const records = ['A', 'B'].map((label, index): LabelledRecord => {
    return { source: 'S', message: label, label, line: index + 2, ...(index ? { family: 'mail' } : {}) };
  });
  const dataset = toDataset({ records, unlabelled: [] });
  expect(dataset.groupedBy).toBe('family');
  expect(dataset.examples.map(({ group }) => group)).toEqual(['S', 'mail']);
  expect(datasetOf(enough).groupedBy).toBe('source');
});

it('adds templates of the base and uses the label of the data if both have a template', () => {
  const record = (message: string, label: string): LabelledRecord => ({
    source: 'S',
    message,
    label,
    line: 2,
  });
  const own = { records: [record('disk full', 'Mine'), record('all well', 'Other')], unlabelled: [] };
  const base = { records: [record('disk full', 'Base'), record('link down', 'Base')], unlabelled: [] };
  const dataset = toDataset(own, { base });
  expect(
    dataset.examples.map(({ template, label, fromBase }) => [template, dataset.labels[label], fromBase]),
  ).toEqual([
    ['disk full', 'Mine', false],
    ['all well', 'Other', false],
    ['link down', 'Base', true],
  ]);
  expect(dataset.rows).toBe(4);
});

it('makes one example of all rows with the same template', () => {
  const dataset = datasetOf([['took 17 ms', 'B'], ['other', 'A'], ['took 4250 ms', 'B']]); // prettier-ignore
  expect(examplesOf(dataset)).toEqual([
    ['took <num> ms', 'S0', 'B'],
    ['other', 'S1', 'A'],
  ]);
  expect(dataset).toMatchObject({ rows: 3, labels: ['A', 'B'] });
});

it('returns no warning for good data', () => {
  expect(datasetOf(enough).warnings).toEqual([]);
});

it('uses the most frequent label of a template and names the lines of all its labels', () => {
  const dataset = datasetOf([...enough, ['port 10', 'A'], ['port 20', 'B'], ['port 30', 'B']]);
  expect(examplesOf(dataset).at(-1)).toEqual(['port <num>', 'S20', 'B']);
  expect(dataset.warnings).toEqual([
    'One template has several labels: line 22 "A", line 23 "B", line 24 "B". Training uses "B".',
  ]);
});

it('uses the first label if several are equally frequent', () => {
  const dataset = datasetOf([...enough, ['port 10', 'B'], ['port 20', 'A']]);
  expect(examplesOf(dataset).at(-1)).toEqual(['port <num>', 'S20', 'B']);
});

it('limits the warnings about templates with several labels', () => {
  const words = ['ant', 'bee', 'cat', 'dog', 'elk', 'fox', 'gnu'];
  const { warnings } = datasetOf([...enough, ...words.flatMap((w) => [[w, 'A'], [w, 'B']] as const)]); // prettier-ignore
  expect(warnings.filter((warning) => warning.startsWith('One template'))).toHaveLength(5);
  expect(warnings).toContain('2 more templates have several labels.');
});

it('warns of rows without a label and names the first lines', () => {
  const { warnings } = datasetOf(enough, [4, 7, 9, 11, 12, 20]);
  expect(warnings).toEqual([
    'Rows skipped, because they have no target_label: 6 (line 4, 7, 9, 11, 12 and 1 more).',
  ]);
});

it('warns of rare labels and names their lines', () => {
  const { warnings } = datasetOf([...enough, ['rare', 'C'], ['rarer', 'C'], ['rare', 'C']]);
  expect(warnings).toContain(
    'The label "C" has 2 distinct templates, too few to learn it well: line 22, 23, 24. ' +
      'Training uses them; 10 or more are better.',
  );
});

it.each([
  ['Eror', ['Error'], 'Error'],
  ['user  action', ['User Action'], 'User Action'],
  ['Delai', [], 'Delay'],
  ['Delays', [], 'Delay'],
  ['Departure', [], undefined],
])('for the label %j beside Delay, with %j described, suggests %j', (label, known, suggestion) => {
  const records = [...enough.map(([message]) => [message, 'Delay'] as const), ['odd', label] as const];
  const data = { records: records.map(([message, own], i) => ({ source: 'S', message, label: own, line: i + 2 })), unlabelled: [] }; // prettier-ignore
  const { warnings } = toDataset(data, { known: new Set(known) });
  const hints = warnings.filter((warning) => warning.includes('Did you mean'));
  expect(hints).toEqual(
    suggestion === undefined ? [] : [expect.stringContaining(`line 22. Did you mean "${suggestion}"?`)],
  );
});

it('limits the warnings and does not compare labels if there are thousands of them', () => {
  const rows = Array.from({ length: 3000 }, (_, index) => {
    const name = String(index).replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));
    return [`${name} happened`, `label ${name}`] as const;
  });
  const { warnings, labels } = datasetOf(rows);
  expect(labels).toHaveLength(3000);
  expect(warnings).toHaveLength(22);
  expect(warnings[0]).toBe('There are 3000 labels, too many to look for misspelt ones.');
  expect(warnings.at(-1)).toBe('2980 more labels have fewer than 10 templates.');
});

it('warns of repeated messages and names both lines', () => {
  const { warnings } = datasetOf([...enough, ['a of A', 'A'], ['j of B', 'B']]);
  expect(warnings).toEqual([
    'Rows that repeat the message of an earlier row: 2 (line 22 (same as line 2), 23 (same as line 21)). ' +
      'Each template counts once.',
  ]);
});

it('warns of an undescribed label if other labels of the data are described', () => {
  const rows = enough.map(([message, label], index) => [message, index === 3 ? 'a' : label] as const);
  const warningsOf = (known: string[]): readonly string[] => {
    const records = rows.map(([message, label], index) => ({ source: 'S', message, label, line: index + 2 }));
    return toDataset({ records, unlabelled: [] }, { known: new Set(known) }).warnings;
  };
  expect(warningsOf(['A', 'B'])).toContain(
    'The label file does not describe the label "a": line 5. Did you mean "A"?',
  );
  expect(warningsOf(['A'])).toContain(
    'The label file does not describe the label "B": line 12, 13, 14, 15, 16 and 5 more.',
  );
});

it('refuses data with a single label', () => {
  const single = () => datasetOf([['a', 'A'], ['b', 'A']]); // prettier-ignore
  expect(single).toThrow(DataError);
  expect(single).toThrow('All rows have the label "A". Training needs two labels or more.');
});
