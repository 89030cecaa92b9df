import { expect, it } from 'vitest';
import type { Classification } from '../../src/classifier/types.js';
import { createAnswerWriter } from '../../src/formats/answer.js';
import type { AnswerKind, AnswerWriter } from '../../src/formats/format.js';
import type { LogRecord } from '../../src/log-record.js';

const records: LogRecord[] = [
  { source: 'A', message: 'one, "two"', level: 'ERROR' },
  { source: 'B', message: 'three' },
  { source: 'C', message: 'four' },
];
const labels: Classification[] = [
  { label: 'Error', tier: 'rule', confidence: 1, rule: 'disk-full' },
  { label: 'Unclassified', tier: 'embedding', confidence: 0.123456, note: 'low-confidence' },
  { label: 'Workflow Error', tier: 'llm', confidence: null },
];
const warning = { code: 'llm-unavailable', count: 1, message: 'm' } as const;

const own: AnswerWriter = {
  mediaType: 'text/own',
  begin: () => '<',
  chunk: () => 'own',
  end: () => '>',
};

const lines = [1, 2, 3];

/** Returns the writer for an input whose own answer is plain text in angle brackets. */
function writerFor(kind: AnswerKind | undefined, { details = false, bom = false } = {}): AnswerWriter {
  return createAnswerWriter({ answerKind: 'csv', answerWriter: () => own }, kind, { details, bom });
}

/** Returns the complete answer. */
function write(writer: AnswerWriter): string {
  return writer.begin() + writer.chunk({ records, lines }, labels) + writer.end([warning]);
}

it.each([undefined, 'csv'] as const)('is in the input’s own format for kind %s', (kind) => {
  expect(write(writerFor(kind))).toBe('<own>');
});

it('has JSON results in order over all chunks, followed by the warnings', () => {
  const writer = writerFor('json');
  const none = writer.begin() + writer.chunk({ records: [], lines: [] }, []);
  const text =
    none +
    writer.chunk({ records, lines }, labels) +
    writer.chunk({ records, lines }, labels) +
    writer.end([warning]);
  const each = [
    { target_label: 'Error', tier: 'rule', confidence: 1, rule: 'disk-full', level: 'ERROR' },
    { target_label: 'Unclassified', tier: 'embedding', confidence: 0.1235, note: 'low-confidence' },
    { target_label: 'Workflow Error', tier: 'llm', confidence: null },
  ];
  expect(JSON.parse(text)).toEqual({ results: [...each, ...each], warnings: [warning] });
  expect(writer.mediaType).toBe('application/json; charset=utf-8');
});

it('has JSON without results if there are no records', () => {
  const writer = writerFor('json');
  expect(JSON.parse(writer.begin() + writer.end([]))).toEqual({ results: [], warnings: [] });
});

it('has one JSON object per line for NDJSON', () => {
  const writer = writerFor('ndjson');
  const lines = write(writer).split('\n');
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    source: 'A',
    log_message: 'one, "two"',
    target_label: 'Error',
    tier: 'rule',
    confidence: 1,
    rule: 'disk-full',
    level: 'ERROR',
  });
  expect(lines).toHaveLength(4);
  expect(lines[3]).toBe('');
  expect(writer.mediaType).toBe('application/x-ndjson; charset=utf-8');
});

it('has the objects of the input for NDJSON if its records were objects', () => {
  const input = { answerKind: 'json', answerWriter: () => own, ndjsonWriter: () => own } as const;
  expect(write(createAnswerWriter(input, 'ndjson', { details: false, bom: false }))).toBe('<own>');
});

it.each([
  [
    {},
    [
      'source,log_message,target_label',
      'A,"one, ""two""",Error',
      'B,three,Unclassified',
      'C,four,Workflow Error',
      '',
    ],
  ],
  [
    { details: true, bom: true },
    [
      '\uFEFFsource,log_message,target_label,tier,confidence,rule,note,level',
      'A,"one, ""two""",Error,rule,1,disk-full,,ERROR',
      'B,three,Unclassified,embedding,0.1235,,low-confidence,',
      'C,four,Workflow Error,llm,,,,',
      '',
    ],
  ],
])('has the columns of a record as CSV with style %o', (style, lines) => {
  const writer = createAnswerWriter({ answerKind: 'json', answerWriter: () => own }, 'csv', {
    details: false,
    bom: false,
    ...style,
  });
  expect(write(writer).split('\n')).toEqual(lines);
  expect(writer.mediaType).toBe('text/csv; charset=utf-8');
});
