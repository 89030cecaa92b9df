import { Kind, kindAt } from './character-kinds.js';
import { masks, type Mask } from './masks.js';

const { code, share, id, mac, host, timestamp, date, clock, ipv4, ipv6, prefixedHex, hex, number } = masks;

/**
 * The first mask, in their order, that fits at this place of a message; the end of what it fits is its
 * pattern's `lastIndex`. Only masks that may fit by the characters around are tried, so that most words cost no
 * pattern at all. E-mail addresses are not looked for: they may begin at any character of their local part.
 * @param kind of the character at the place
 * @param end of the piece of that kind that begins there
 */
export function maskAt(text: string, at: number, kind: Kind, end: number): Mask | undefined {
  return firstFitting(candidatesAt(text, at, kind, end), text, at);
}

/** The first of these masks that fits at the place. */
export function firstFitting(candidates: readonly Mask[], text: string, at: number): Mask | undefined {
  for (const mask of candidates) {
    mask.pattern.lastIndex = at;
    if (mask.pattern.test(text)) return mask;
  }
  return undefined;
}

function candidatesAt(text: string, at: number, kind: Kind, end: number): readonly Mask[] {
  const before = kindAt(text, at - 1);
  switch (kind) {
    case Kind.letter: {
      if (before === Kind.letter || before === Kind.digit) return NONE;
      return OF_WORDS[lookUp(byFirstLetter, text, at) & lookUp(byWordEnd, text, end)] ?? NONE;
    }
    case Kind.digit:
      return before === Kind.digit ? WITHIN_DIGITS : (OF_DIGITS[lookUp(byDigitsEnd, text, end)] ?? NONE);
    case Kind.minus:
      return kindAt(text, end) === Kind.digit ? SIGNED : NONE;
    default:
      return NONE;
  }
}

/** What a word may begin, as bits: a code (`status 200`), hexadecimal digits (`fe80:`), a date (`Jun 4`), a host. */
const CODE = 1;
const HEX = 2;
const DATE = 4;
const HOST = 8;
const byFirstLetter = byCharacter(
  ['scerH', CODE],
  ['abcdefABCDEF', HEX],
  ['JFMASOND', DATE],
  ['abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', HOST],
);
/** The same by the character after the word. */
const byWordEnd = byCharacter([' :=/', CODE], ['0123456789-:', HEX], [' ', DATE], ['.-_0123456789', HOST]);

const NONE: readonly Mask[] = [];

/** By what both the word's beginning and its end allow. */
const OF_WORDS = Array.from({ length: CODE + HEX + DATE + HOST + 1 }, (_, may): readonly Mask[] => [
  ...(may & CODE ? [code] : []),
  ...(may & HEX ? [id, mac] : []),
  ...(may & HOST ? [host] : []),
  ...(may & DATE ? [date] : []),
  ...(may & HEX ? [ipv6, hex] : []),
]);

/** By byDigitsEnd: what digits may begin, judged by the character after them. */
const OF_DIGITS: readonly (readonly Mask[])[] = [
  [number],
  [share, number],
  [share, host, timestamp, ipv4, number],
  [id, mac, host, timestamp, date, number],
  [timestamp, date, number],
  [mac, clock, ipv6, number],
  [id, mac, host, ipv6, prefixedHex, hex, number],
  [host, number],
];
const byDigitsEnd = byCharacter(
  [' %', 1],
  ['.', 2],
  ['-', 3],
  ['/', 4],
  [':', 5],
  ['abcdefABCDEFxX', 6],
  ['ghijklmnopqrstuvwyzGHIJKLMNOPQRSTUVWYZ_', 7],
);

/** Where a match has ended amid digits. */
const WITHIN_DIGITS: readonly Mask[] = [prefixedHex];
const SIGNED: readonly Mask[] = [number];

/** A table of ASCII characters; what several entries give to one of them is added. */
function byCharacter(...entries: readonly (readonly [characters: string, value: number])[]): Uint8Array {
  const table = new Uint8Array(0x80);
  for (const [characters, value] of entries) {
    for (const character of characters) table[character.charCodeAt(0)] = lookUp(table, character, 0) + value;
  }
  return table;
}

/** The table's value of the character at this index; 0 outside the text and for what is not ASCII. */
function lookUp(table: Uint8Array, text: string, at: number): number {
  const character = at < text.length ? text.charCodeAt(at) : 0;
  return character < 0x80 ? (table[character] ?? 0) : 0;
}
