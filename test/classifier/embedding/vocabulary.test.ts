import { expect, it } from 'vitest';
import { termsOf, Vocabulary } from '../../../src/classifier/embedding/vocabulary.js';

it('returns words, prefixes, pairs, punctuation marks and the length class', () => {
  expect([...termsOf('Session closed: <num>')].sort()).toEqual(
    ['#3', ':', '<num>', 'close*', 'closed', 'closed <num>', 'sessi*', 'session', 'session closed'].sort(),
  );
});

it.each([
  ['getServerFor', ['get', 'server', 'for', 'get server', 'server for']],
  ['disk_full 91%', ['disk', 'full', '91%', 'disk full', 'full 91%']],
  ['Übung Größe', ['übung', 'größe', 'übung größe']],
])('splits %j into words', (template, terms) => {
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

it('returns a vector of the known terms, scaled to one norm', () => {
  const vocabulary = new Vocabulary({ terms: ['#2', 'disk', 'full'], weights: [1, 3, 4], scale: 2 });
  const { indexes, values } = vocabulary.vectorOf('disk odd');
  expect(indexes).toEqual([0, 1]);
  expect(Math.hypot(...values)).toBeCloseTo(2, 12);
  expect((values[1] ?? 0) / (values[0] ?? 0)).toBeCloseTo(3, 12);
  expect(new Vocabulary({ terms: ['x'], weights: [1], scale: 2 }).vectorOf('disk odd').indexes).toEqual([]);
});

it('has no prefixes of words of up to five letters or of placeholders', () => {
  expect([...termsOf('disks failed <email>')].filter((term) => term.endsWith('*'))).toEqual(['faile*']);
});

it('gives the indexes of the known terms in ascending order', () => {
  const terms = ['e', '#5', 'c', 'a', 'd', 'b'];
  const vocabulary = new Vocabulary({ terms, weights: terms.map((_, i) => i + 1), scale: 1 });
  expect(vocabulary.size).toBe(6);
  expect(vocabulary.vectorOf('a b c d').indexes).toEqual([2, 3, 4, 5]);
});

it.each([
  ['Chinese', '连接失败', ['连接', '接失', '失败']],
  ['Japanese beside Latin letters', 'diskエラー', ['disk', 'エラ', 'ラー']],
  ['half-width Japanese', 'ｴﾗｰ', ['ｴﾗ', 'ﾗｰ']],
  ['Korean', '연결실패', ['연결', '결실', '실패']],
  ['a single character', '停', ['停']],
])('returns the pairs of characters of words without spaces: %s', (_, template, terms) => {
  expect([...termsOf(template)]).toEqual(expect.arrayContaining(terms));
  expect(new Vocabulary({ terms, weights: terms.map(() => 1), scale: 1 }).knownShareOf(template)).toBe(1);
});

it('counts pairs of characters for the share of known words', () => {
  const vocabulary = new Vocabulary({ terms: ['连接'], weights: [1], scale: 1 });
  expect(vocabulary.knownShareOf('连接失败')).toBeCloseTo(1 / 3);
});
