import { expect, it } from 'vitest';
import { confusionOf } from '../../../src/evaluation/metrics/confusion.js';

const verdicts = (expected: string, given: string, count: number) =>
  Array.from({ length: count }, () => ({ expected, given }));

it('counts which label was taken for which', () => {
  const all = [
    ...verdicts('A', 'A', 3),
    ...verdicts('A', 'B', 1),
    ...verdicts('B', 'B', 1),
    ...verdicts('B', 'X', 1),
  ];
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

it('makes the rarest labels of many one, and loses no line', () => {
  const labels = Array.from({ length: 50 }, (_, index) => `L${index + 10}`);
  const all = labels.flatMap((expected, row) =>
    labels.flatMap((given) => verdicts(expected, given, expected === given ? row : 1)),
  );
  const merged = confusionOf(all);
  expect(merged.labels).toEqual([...labels.slice(11), '11 rarer labels']);
  expect(merged.rare).toBe(11);
  expect(merged.counts[0]?.[0]).toBe(11);
  expect(merged.counts[0]?.at(-1)).toBe(11);
  expect(merged.counts.at(-1)?.at(-1)).toBe(55 + 11 * 10);
  expect(merged.counts.flat().reduce((sum, count) => sum + count)).toBe(all.length);
});
