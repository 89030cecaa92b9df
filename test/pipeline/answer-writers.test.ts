import { expect, it } from 'vitest';
import type { Classification } from '../../src/classifier/types.js';
import { csvAnswer, csvAnswerOfRecords, jsonAnswer } from '../../src/pipeline/answer-writers.js';

const layout = {
  header: ['source', 'log_message'],
  delimiter: ';' as const,
  newline: '\r\n' as const,
  bom: false,
};
const chunk = {
  rows: [
    ['A', 'one'],
    ['B', 'two'],
    ['C', 'three'],
  ],
  rawRows: ['A;one', 'B;two', 'C;three'],
};
const results: Classification[] = [
  { label: 'Error', tier: 'rule', confidence: 1, rule: 'disk-full' },
  { label: 'Unclassified', tier: 'embedding', confidence: 0.123456, note: 'low-confidence' },
  { label: 'Workflow Error', tier: 'llm', confidence: null },
];
const none = { rows: [], rawRows: [] };

it('writes only the label after each row of a CSV', () => {
  const writer = csvAnswer(layout, false);
  expect(writer.mediaType).toBe('text/csv; charset=utf-8');
  expect(writer.begin()).toBe('source;log_message;target_label\r\n');
  expect(writer.chunk(chunk, results)).toBe(
    'A;one;Error\r\nB;two;Unclassified\r\nC;three;Workflow Error\r\n',
  );
  expect(writer.end([{ code: 'blank-lines', count: 1, message: 'm' }])).toBe('');
});

it('writes the details of each row of a CSV if asked to, and empty cells where there are none', () => {
  const writer = csvAnswer(layout, true);
  expect(writer.begin()).toBe('source;log_message;target_label;tier;confidence;rule;note\r\n');
  expect(writer.chunk(chunk, results).split('\r\n')).toEqual([
    'A;one;Error;rule;1;disk-full;',
    'B;two;Unclassified;embedding;0.1235;;low-confidence',
    'C;three;Workflow Error;llm;;;',
    '',
  ]);
});

it('writes JSON results in order over all chunks, followed by the warnings', () => {
  const writer = jsonAnswer();
  const warning = { code: 'llm-unavailable', count: 1, message: 'm' } as const;
  const pieces = [none, chunk, none, chunk].map((part) =>
    writer.chunk(part, part === none ? [] : results.slice(0, 2)),
  );
  const text = [writer.begin(), ...pieces, writer.end([warning])].join('');
  const two = [
    { target_label: 'Error', tier: 'rule', confidence: 1, rule: 'disk-full' },
    { target_label: 'Unclassified', tier: 'embedding', confidence: 0.1235, note: 'low-confidence' },
  ];
  expect(JSON.parse(text)).toEqual({ results: [...two, ...two], warnings: [warning] });
  expect(writer.mediaType).toBe('application/json; charset=utf-8');
});

it('writes JSON without results, and an unknown confidence as null', () => {
  const empty = jsonAnswer();
  expect(JSON.parse(empty.begin() + empty.end([]))).toEqual({ results: [], warnings: [] });
  const writer = jsonAnswer();
  const text = writer.begin() + writer.chunk(chunk, results.slice(2)) + writer.end([]);
  expect(JSON.parse(text)).toEqual({
    results: [{ target_label: 'Workflow Error', tier: 'llm', confidence: null }],
    warnings: [],
  });
});

it('writes JSON records as a CSV, with quoted cells where needed', () => {
  const writer = csvAnswerOfRecords(true);
  const records = [
    { source: 'A', message: 'one, "two"' },
    { source: 'B', message: 'three' },
  ];
  const text = [writer.begin(), writer.chunk(records, results.slice(0, 2)), writer.end([])].join('');
  expect(text.split('\n')).toEqual([
    'source,log_message,target_label,tier,confidence,rule,note',
    'A,"one, ""two""",Error,rule,1,disk-full,',
    'B,three,Unclassified,embedding,0.1235,,low-confidence',
    '',
  ]);
});
