import { describe, expect, it } from 'vitest';
import { Kind, kindAt, pieceEnd } from '../../../src/classifier/template/character-kinds.js';

/** Every UTF-16 unit that is of this kind. */
function charactersOf(kind: Kind): string {
  const all = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code));
  return all.filter((character) => kindAt(character, 0) === kind).join('');
}

describe('the kind of a character', () => {
  it.each([
    ['letter', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'],
    ['digit', '0123456789'],
    ['minus', '-'],
    ['mail', '+._'],
  ] as const)('is %s for %s alone', (kind, characters) => {
    expect(charactersOf(Kind[kind])).toBe(characters);
  });

  it('is space for what JavaScript takes for white space', () => {
    expect(charactersOf(Kind.space)).toMatch(/^\s{25}$/);
  });

  it('is other outside the text', () => {
    expect([kindAt('a', -1), kindAt('a', 1), kindAt('', 0)]).toEqual([Kind.other, Kind.other, Kind.other]);
  });
});

describe('a piece of text', () => {
  it.each([
    ['letters', 'a bcD1', 2, 'bcD'],
    ['digits', 'a123b', 1, '123'],
    ['white space', 'a \t\nb', 1, ' \t\n'],
    ['other characters', 'a/:é1', 1, '/:é'],
    ['letters at the end', '1ab', 1, 'ab'],
    ['each minus alone', '--1', 0, '-'],
    ['each character of an address alone', '..a', 0, '.'],
    ['each digit amid digits alone', '1234', 2, '3'],
    ['the digits after a letter', 'a12', 1, '12'],
  ])('is %s', (_, text, at, piece) => {
    expect(text.slice(at, pieceEnd(text, at, kindAt(text, at)))).toBe(piece);
  });
});
