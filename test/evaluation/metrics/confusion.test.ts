import { expect, it } from 'vitest';
import { confusionOf } from '../../../src/evaluation/metrics/confusion.js';

const pairs = (expected: string, given: string, count: number) =>
  Array.from({ length: count }, () => ({ expected, given }));

it('counts lines by right and given label', () => {
  const all = [...pairs('A', 'A', 3), ...pairs('A', 'B', 1), ...pairs('B', 'B', 1), ...pairs('B', 'X', 1)];
  expect(confusionOf(all)).toEqual({
    labels: ['A', 'B', 'X'],
    counts: [
      [3, 1, 0],
      [0, 1, 1],
      [0, 0, 0],
    ],
    rare: 0,
  });
});

it('merges the rarest labels and counts every line', () => {
  const labels = Array.from({ length: 50 }, (_, index) => `L${index + 10}`);
  const all = labels.flatMap((expected, row) =>
    labels.flatMap((given) => pairs(expected, given, expected === given ? row : 1)),
  );
  const merged = confusionOf(all);
  expect(merged.labels).toEqual([...labels.slice(11), '11 rarer labels']);
  expect(merged.rare).toBe(11);
  expect(merged.counts[0]?.[0]).toBe(11);
  expect(merged.counts[0]?.at(-1)).toBe(11);
  expect(merged.counts.at(-1)?.at(-1)).toBe(55 + 11 * 10);
  expect(merged.counts.flat().reduce((sum, count) => sum + count)).toBe(all.length);
});
