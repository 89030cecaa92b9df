import { Kind, kindAt } from './character-kinds.js';
import { masks, type Mask } from './masks.js';

const { code, zero, share, id, mac, host, timestamp, date, clock, ipv4, ipv6, prefixedHex, hex, number } =
  masks;

/**
 * Returns the first mask that matches at this index; its pattern's `lastIndex` is then the end of the match. Tries only
 * masks that are possible given the first character and the one after the piece, so most words need no pattern match.
 * Does not find e-mail addresses, which may start at any character of their local part.
 * @param kind the kind of the character at the index
 * @param end the end of the piece that starts at the index
 */
export function maskAt(text: string, at: number, kind: Kind, end: number): Mask | undefined {
  return firstMatch(candidatesAt(text, at, kind, end), text, at);
}

/** Returns the first of these masks that matches at the index. */
export function firstMatch(candidates: readonly Mask[], text: string, at: number): Mask | undefined {
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
      return WORD_MASKS[lookUp(byFirstLetter, text, at) & lookUp(byWordEnd, text, end)] ?? NONE;
    }
    case Kind.digit:
      return before === Kind.digit
        ? AFTER_DIGIT_MASKS
        : (DIGIT_MASKS[lookUp(byDigitsEnd, text, end)] ?? NONE);
    case Kind.minus:
      return kindAt(text, end) === Kind.digit ? SIGNED_MASKS : NONE;
    default:
      return NONE;
  }
}

/** What may start at a word, as bits: a code (`status 200`), hex digits (`fe80:`), a date (`Jun 4`) or a host. */
const CODE = 1;
const HEX = 2;
const DATE = 4;
const HOST = 8;
/** The bits that the word's first letter allows. */
const byFirstLetter = tableOf(
  ['scerERSH', CODE],
  ['abcdefABCDEF', HEX],
  ['JFMASOND', DATE],
  ['abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', HOST],
);
/** The bits that the character after the word allows. */
const byWordEnd = tableOf([' :=/', CODE], ['0123456789-:', HEX], [' ', DATE], ['.-_0123456789', HOST]);

const NONE: readonly Mask[] = [];

/** The masks to try at a word, by the bits that both tables allow. */
const WORD_MASKS = Array.from({ length: CODE + HEX + DATE + HOST + 1 }, (_, bits): readonly Mask[] => [
  ...(bits & CODE ? [code] : []),
  ...(bits & HEX ? [id, mac] : []),
  ...(bits & HOST ? [host] : []),
  ...(bits & DATE ? [date] : []),
  ...(bits & HEX ? [ipv6, hex] : []),
]);

/** The masks to try at a run of digits, by the value that `byDigitsEnd` has for the character after the run. */
const DIGIT_MASKS: readonly (readonly Mask[])[] = [
  [zero, number],
  [share, zero, number],
  [share, host, timestamp, ipv4, zero, number],
  [id, mac, host, timestamp, date, number],
  [timestamp, date, zero, number],
  [mac, clock, ipv6, number],
  [id, mac, host, ipv6, prefixedHex, hex, number],
  [host, number],
];
const byDigitsEnd = tableOf(
  [' %', 1],
  ['.', 2],
  ['-', 3],
  ['/', 4],
  [':', 5],
  ['abcdefABCDEFxX', 6],
  ['ghijklmnopqrstuvwyzGHIJKLMNOPQRSTUVWYZ_', 7],
);

/** At a digit after another digit: the previous match ended inside a run of digits. */
const AFTER_DIGIT_MASKS: readonly Mask[] = [prefixedHex];
/** At a minus before a digit. */
const SIGNED_MASKS: readonly Mask[] = [number];

/** Returns a table with a value per ASCII character. If a character is in several entries, the values are added. */
function tableOf(...entries: readonly (readonly [characters: string, value: number])[]): Uint8Array {
  const table = new Uint8Array(0x80);
  for (const [characters, value] of entries) {
    for (const character of characters) table[character.charCodeAt(0)] = lookUp(table, character, 0) + value;
  }
  return table;
}

/** Returns the table's value for the character at this index, or 0 outside the text and for non-ASCII characters. */
function lookUp(table: Uint8Array, text: string, at: number): number {
  const character = at < text.length ? text.charCodeAt(at) : 0;
  return character < 0x80 ? (table[character] ?? 0) : 0;
}
