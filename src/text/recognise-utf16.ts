import { isUtf8 } from 'node:buffer';

/** Among so many pairs of bytes, one must be a character below U+0100. */
const pairsPerAscii = 4;

/** The same for bytes that cannot be UTF-8, such as Chinese text with a few line ends. */
const pairsPerAsciiElsewhere = 20;

/**
 * Recognises UTF-16 without a byte order mark: most of its characters, or at least its blanks and line ends, are below
 * U+0100 and have a zero on one side only. A run of NULs, as log rotation leaves it in other files, counts for nothing.
 * @param first the start of the file
 */
export function recogniseUtf16(first: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  const count = { low: 0, high: 0, other: 0 };
  const alphabet = { low: 0, high: 0 };
  for (let at = 0; at + 1 < first.length; at += 2) {
    const a = first[at] ?? 0;
    const b = first[at + 1] ?? 0;
    if (a === 0 && b === 0) continue;
    if (isAlphabet(b)) alphabet.low += 1;
    if (isAlphabet(a)) alphabet.high += 1;
    count[b === 0 ? 'low' : a === 0 ? 'high' : 'other'] += 1;
  }
  const most = Math.max(count.low, count.high);
  const least = Math.min(count.low, count.high);
  const pairs = most + least + count.other;
  if (most < 2 || least * 10 > most) return undefined;
  const side = count.low > count.high ? 'low' : 'high';
  const isOther = !isUtf8(first) || alphabet[side] * 2 > pairs;
  const isEnough = most * pairsPerAscii >= pairs || (most * pairsPerAsciiElsewhere >= pairs && isOther);
  if (!isEnough) return undefined;
  return side === 'low' ? 'utf-16le' : 'utf-16be';
}

/** Whether a byte is the upper half of a letter beyond Latin. No other text has so many control characters. */
function isAlphabet(byte: number): boolean {
  return (byte >= 1 && byte <= 8) || (byte >= 0x0e && byte <= 0x1a);
}
