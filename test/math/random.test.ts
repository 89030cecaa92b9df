import { expect, it } from 'vitest';
import { seededRandom, shuffled } from '../../src/math/random.js';

it('returns the same numbers for the same seed, and others for another seed', () => {
  const draw = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

it('distributes its numbers evenly from 0 to 1', () => {
  const random = seededRandom(1);
  const counts = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 10_000; draw += 1) {
    const tenth = Math.floor(random() * 10);
    counts[tenth] = (counts[tenth] ?? 0) + 1;
  }
  expect(counts.every((count) => count > 900 && count < 1100)).toBe(true);
});

it('shuffles without losing or repeating an item, and does not modify its input', () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const result = shuffled(items, seededRandom(3));
  expect(result).not.toEqual(items);
  expect(result.toSorted((a, b) => a - b)).toEqual(items);
  expect(items[0]).toBe(1);
});
