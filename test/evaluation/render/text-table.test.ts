import { expect, it } from 'vitest';
import { oneLine, percent, textTable } from '../../../src/evaluation/render/text-table.js';

it('aligns the first column to the left, the others to the right', () => {
  const rows = [['name', 'n'], ['a', '12'], ['longer', '3']]; // prettier-ignore
  expect(textTable(rows).split('\n')).toEqual(['name     n', 'a       12', 'longer   3']);
});

it('formats shares as percentages', () => {
  expect([percent(0.1234), percent(1), percent(null)]).toEqual(['12.3 %', '100.0 %', '-']);
});

it.each([
  ['short', 'short'],
  ['exactly 10', 'exactly 10'],
  ['more than ten', 'more than…'],
  ['a\nb\u001b[2J\u202e', 'a·b·[2J·'],
])('puts %j on one line of at most ten characters', (text, shown) => {
  expect(oneLine(text, 10)).toBe(shown);
});
