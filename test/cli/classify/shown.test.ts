import { expect, it } from 'vitest';
import { onlyLabels } from '../../../src/cli/classify/selected-rows.js';
import { Summary } from '../../../src/cli/classify/summary.js';
import { terminalAnswer, wantsColours } from '../../../src/cli/classify/terminal-answer.js';
import { csvAnswerOfRecords } from '../../../src/formats/csv/records-answer.js';
import type { RecordLabel } from '../../../src/log-record.js';

const error: RecordLabel = { label: 'Error', tier: 'embedding', confidence: 0.974, note: 'low-confidence' };
const llm: RecordLabel = { label: 'Mine', tier: 'llm', confidence: null };
const records = (...messages: string[]) => messages.map((message) => ({ source: 's', message }));
const chunk = (...messages: string[]) => ({ records: records(...messages), lines: messages.map(() => 1) });

it('a terminal shows label, confidence and line, and no control character of the line', () => {
  const writer = terminalAnswer({ labels: ['Error', 'Longest'], colours: false, details: false });
  const text = writer.chunk(chunk('disk full\r\n\tat x', '\u001b[31mred\u202e'), [error, llm]);
  expect(text).toBe('Error    0.97  disk full\n               \tat x\nMine        -  ·[31mred·\n');
});

it('a terminal has colours and details if they are wanted', () => {
  const writer = terminalAnswer({ labels: ['Error'], colours: true, details: true });
  expect(writer.chunk(chunk('x'), [error])).toBe(
    '\u001b[31mError\u001b[0m  0.97  x  (embedding, low-confidence)\n',
  );
  expect([{}, { NO_COLOR: '' }, { NO_COLOR: '1' }, { TERM: 'dumb' }].map(wantsColours)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it('only rows with wanted labels are written', () => {
  const writer = onlyLabels(csvAnswerOfRecords({ details: false, bom: false }), ['Mine']);
  expect(writer.chunk(chunk('a', 'b'), [error, llm])).toBe('s,b,Mine\n');
  expect(writer.chunk(chunk('a'), [error])).toBe('');
});

it('the summary counts labels and the twenty largest templates', () => {
  const summary = new Summary();
  const messages = Array.from({ length: 25 }, (_, i) => `${String.fromCharCode(97 + i)} opened`);
  summary.add(records('disk 1 full', 'disk 2 full', ...messages), [llm, llm, ...messages.map(() => error)]);
  const lines = summary.text().split('\n');
  expect(lines.slice(0, 4)).toEqual([
    'label  rows   share',
    'Error    25  92.6 %',
    'Mine      2   7.4 %',
    'all      27',
  ]);
  expect(lines.slice(5, 8)).toEqual([
    'rows  label  template',
    '   2  Mine   disk <num> full',
    '   1  Error  a opened',
  ]);
  expect(lines.at(-2)).toBe('   6         6 other templates');
});

it('the summary keeps a bounded number of templates', () => {
  const summary = new Summary(1);
  summary.add(records('one', 'two', 'one', 'three'), [error, error, error, error]);
  expect(summary.text()).toContain('   2  Error  one\n   2         more than 0 other templates\n');
});
