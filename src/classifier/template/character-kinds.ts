/** The kinds of character that the search for variable parts distinguishes. */
export const Kind = { other: 0, letter: 1, digit: 2, space: 3, minus: 4, mail: 5 } as const;

/**
 * A value of `Kind`. `letter` and `digit` are ASCII only. `mail` is `.`, `_` or `+`: these also occur in the local part
 * of an e-mail address.
 */
export type Kind = (typeof Kind)[keyof typeof Kind];

/** All characters that JavaScript's `\s` matches. */
const SPACES =
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

/** One entry per UTF-16 code unit. A lookup is faster than a chain of comparisons for every character. */
const kinds = new Uint8Array(0x1_0000);
setRange('a', 'z', Kind.letter);
setRange('A', 'Z', Kind.letter);
setRange('0', '9', Kind.digit);
for (const space of SPACES) setRange(space, space, Kind.space);
for (const character of '._+') setRange(character, character, Kind.mail);
setRange('-', '-', Kind.minus);

function setRange(first: string, last: string, kind: Kind): void {
  kinds.fill(kind, first.charCodeAt(0), last.charCodeAt(0) + 1);
}

/** Returns the kind of the character at this index, or `other` outside the text. */
export function kindAt(text: string, at: number): Kind {
  return at >= 0 && at < text.length ? (kinds[text.charCodeAt(at)] as Kind) : Kind.other;
}

/**
 * Returns the end of the piece that starts at this index. A piece is a run of characters of one kind: letters, digits,
 * white space or other. Three characters are a piece alone, because a variable part may start at each of them: `minus`,
 * `mail`, and a digit after another digit.
 */
export function pieceEnd(text: string, at: number, kind: Kind): number {
  let end = at + 1;
  if (kind >= Kind.minus || (kind === Kind.digit && kindAt(text, at - 1) === Kind.digit)) return end;
  while (end < text.length && kinds[text.charCodeAt(end)] === kind) end += 1;
  return end;
}
