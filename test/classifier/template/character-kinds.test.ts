import { describe, expect, it } from 'vitest';
import { Kind, kindAt, pieceEnd } from '../../../src/classifier/template/character-kinds.js';

/** All UTF-16 code units of this kind. */
function charactersOf(kind: Kind): string {
  const all = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code));
  return all.filter((character) => kindAt(character, 0) === kind).join('');
}

describe('kindAt', () => {
  it.each([
    ['letter', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'],
    ['digit', '0123456789'],
    ['minus', '-'],
    ['mail', '+._'],
  ] as const)('returns %s only for %s', (kind, characters) => {
    expect(charactersOf(Kind[kind])).toBe(characters);
  });

  it('returns space for the 25 characters that \\s matches', () => {
    expect(charactersOf(Kind.space)).toMatch(/^\s{25}$/);
  });

  it('returns other outside the text', () => {
    expect([kindAt('a', -1), kindAt('a', 1), kindAt('', 0)]).toEqual([Kind.other, Kind.other, Kind.other]);
  });
});

describe('pieceEnd', () => {
  it.each([
    ['letters', 'a bcD1', 2, 'bcD'],
    ['digits', 'a123b', 1, '123'],
    ['white space', 'a \t\nb', 1, ' \t\n'],
    ['other characters', 'a/:é1', 1, '/:é'],
    ['letters at the end', '1ab', 1, 'ab'],
    ['a single minus', '--1', 0, '-'],
    ['a single mail character', '..a', 0, '.'],
    ['a single digit after another digit', '1234', 2, '3'],
    ['digits after a letter', 'a12', 1, '12'],
  ])('ends a piece of %s', (_, text, at, piece) => {
    expect(text.slice(at, pieceEnd(text, at, kindAt(text, at)))).toBe(piece);
  });
});
