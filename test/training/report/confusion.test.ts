import { expect, it } from 'vitest';
import { withRareMerged } from '../../../src/training/report/confusion.js';

it('leaves a small matrix as it is', () => {
  const confusion = { labels: ['A', 'B'], counts: [[3, 1], [0, 2]] }; // prettier-ignore
  expect(withRareMerged(confusion)).toEqual({ ...confusion, rare: 0 });
});

it('makes the rarest labels of a large matrix one, and loses no line', () => {
  const labels = Array.from({ length: 50 }, (_, index) => `L${index}`);
  const counts = labels.map((_, row) => labels.map((_, column) => (row === column ? row : 1)));
  const merged = withRareMerged({ labels, counts });
  expect(merged.labels).toEqual([...labels.slice(11), '11 rarer labels']);
  expect(merged.counts[0]?.[0]).toBe(11);
  expect(merged.counts.at(-1)?.at(-1)).toBe(55 + 11 * 10);
  expect(merged.counts.flat().reduce((sum, count) => sum + count)).toBe(
    counts.flat().reduce((sum, n) => sum + n),
  );
});
