import { expect, it } from 'vitest';
import type { Classification } from '../../src/classifier/types.js';
import { csvFormat, jsonFormat } from '../../src/pipeline/formats.js';

const layout = {
  header: ['source', 'log_message'],
  delimiter: ';' as const,
  newline: '\r\n' as const,
  bom: false,
  sourceIndex: 0,
  messageIndex: 1,
  labelIndex: -1,
};
const chunk = {
  rows: [
    ['A', 'one'],
    ['B', 'two'],
    ['C', 'three'],
  ],
  plain: ['A;one', 'B;two', 'C;three'],
};
const results: Classification[] = [
  { label: 'Error', tier: 'rule', confidence: 1, rule: 'disk-full' },
  { label: 'Unclassified', tier: 'embedding', confidence: 0.123456, note: 'low-confidence' },
  { label: 'Workflow Error', tier: 'llm', confidence: null },
];
const none = { rows: [], plain: [] };

it('writes the label alone behind each row of a CSV', () => {
  const format = csvFormat(layout, false);
  expect(format.mediaType).toBe('text/csv; charset=utf-8');
  expect(format.head()).toBe('source;log_message;target_label\r\n');
  expect(format.rows(chunk, results)).toBe('A;one;Error\r\nB;two;Unclassified\r\nC;three;Workflow Error\r\n');
  expect(format.tail([{ code: 'blank-lines', count: 1, message: 'm' }])).toBe('');
});

it('writes the details of each row of a CSV if asked to, and nothing where there are none', () => {
  const format = csvFormat(layout, true);
  expect(format.head()).toBe('source;log_message;target_label;tier;confidence;rule;note\r\n');
  expect(format.rows(chunk, results).split('\r\n')).toEqual([
    'A;one;Error;rule;1;disk-full;',
    'B;two;Unclassified;embedding;0.1235;;low-confidence',
    'C;three;Workflow Error;llm;;;',
    '',
  ]);
});

it('writes JSON whose results are in order, whatever the chunks, with the warnings behind them', () => {
  const format = jsonFormat();
  const warning = { code: 'llm-unavailable', count: 1, message: 'm' } as const;
  const pieces = [none, chunk, none, chunk].map((part) =>
    format.rows(part, part === none ? [] : results.slice(0, 2)),
  );
  const text = [format.head(), ...pieces, format.tail([warning])].join('');
  const two = [
    { target_label: 'Error', tier: 'rule', confidence: 1, rule: 'disk-full' },
    { target_label: 'Unclassified', tier: 'embedding', confidence: 0.1235, note: 'low-confidence' },
  ];
  expect(JSON.parse(text)).toEqual({ results: [...two, ...two], warnings: [warning] });
  expect(format.mediaType).toBe('application/json; charset=utf-8');
});

it('writes JSON without results, and a confidence that is not known as null', () => {
  const empty = jsonFormat();
  expect(JSON.parse(empty.head() + empty.tail([]))).toEqual({ results: [], warnings: [] });
  const format = jsonFormat();
  const text = format.head() + format.rows(chunk, results.slice(2)) + format.tail([]);
  expect(JSON.parse(text)).toEqual({
    results: [{ target_label: 'Workflow Error', tier: 'llm', confidence: null }],
    warnings: [],
  });
});
