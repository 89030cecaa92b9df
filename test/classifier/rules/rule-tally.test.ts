import { expect, it } from 'vitest';
import { compileRules } from '../../../src/classifier/rules/rule-set.js';
import { RuleTally } from '../../../src/classifier/rules/rule-tally.js';

const text = JSON.stringify({
  rules: [
    { id: 'full', pattern: 'full', label: 'Error', examples: ['disk full'] },
    { id: 'disk', pattern: 'disk', label: 'Notice', examples: ['disk empty'] },
  ],
});
const rules = compileRules(text, { file: 'rules.json', labels: new Set(['Error', 'Notice']) });
const line = (message: string) => ({ source: 'host', message });

it('counts a line for the first rule that matches it', () => {
  const tally = new RuleTally(rules, 5);
  for (const message of ['disk full', 'disk new', 'memory full', 'nothing']) tally.add(line(message));
  expect(tally.counts.map(({ lines }) => lines)).toEqual([2, 1]);
  expect([tally.lines, tally.matched]).toEqual([4, 3]);
});

it('keeps a few samples with different templates', () => {
  const tally = new RuleTally(rules, 2);
  for (const message of ['full 1', 'full 22', 'queue full', 'tape full']) tally.add(line(message));
  expect(tally.counts[0]?.samples.map(({ message }) => message)).toEqual(['full 1', 'queue full']);
});

it('counts right and wrong labels, and keeps wrong lines separately', () => {
  const tally = new RuleTally(rules, 5);
  tally.add(line('a full'), 'Error');
  tally.add(line('b full'), 'Notice');
  tally.add(line('c full'), '');
  tally.add(line('d full'), 'Error');
  expect(tally.counts[0]).toMatchObject({ lines: 4, right: 2, wrong: 1 });
  expect(tally.counts[0]?.wrongSamples).toEqual([{ source: 'host', message: 'b full', expected: 'Notice' }]);
  expect(tally.counts[0]?.samples).toEqual([line('a full'), line('c full'), line('d full')]);
});
