import { expect, it } from 'vitest';
import { termsOf, Vocabulary } from '../../../src/classifier/embedding/vocabulary.js';

it('finds words, beginnings of long ones, pairs, marks and the length', () => {
  expect([...termsOf('Session closed: <num>')].sort()).toEqual(
    ['#3', ':', '<num>', 'close*', 'closed', 'closed <num>', 'sessi*', 'session', 'session closed'].sort(),
  );
});

it.each([
  ['getServerFor', ['get', 'server', 'for', 'get server', 'server for']],
  ['disk_full 91%', ['disk', 'full', '91%', 'disk full', 'full 91%']],
  ['Übung Größe', ['übung', 'größe', 'übung größe']],
])('cuts %j into words', (template, terms) => {
  expect([...termsOf(template)]).toEqual(expect.arrayContaining(terms));
});

it.each([
  ['', '#0'],
  ['--- ..', '#0'],
  ['a b c', '#3'],
  ['a b c d e', '#4'],
  ['a b c d e f g h i j k', '#8'],
])('counts the words of %j as %s', (template, length) => {
  expect(termsOf(template).has(length)).toBe(true);
});

it('weighs the known terms alone, to a vector of one length', () => {
  const vocabulary = new Vocabulary({ terms: ['#2', 'disk', 'full'], weights: [1, 3, 4], scale: 2 });
  const { places, values } = vocabulary.vectorOf('disk odd');
  expect(places).toEqual([0, 1]);
  expect(Math.hypot(...values)).toBeCloseTo(2, 12);
  expect((values[1] ?? 0) / (values[0] ?? 0)).toBeCloseTo(3, 12);
  expect(new Vocabulary({ terms: ['x'], weights: [1], scale: 2 }).vectorOf('disk odd').places).toEqual([]);
});

it('has no beginnings of words of up to five letters, nor of what stands for masked parts', () => {
  expect([...termsOf('disks failed <email>')].filter((term) => term.endsWith('*'))).toEqual(['faile*']);
});

it('gives the places of the known terms in ascending order', () => {
  const terms = ['e', '#5', 'c', 'a', 'd', 'b'];
  const vocabulary = new Vocabulary({ terms, weights: terms.map((_, i) => i + 1), scale: 1 });
  expect(vocabulary.size).toBe(6);
  expect(vocabulary.vectorOf('a b c d').places).toEqual([2, 3, 4, 5]);
});
