/** What a character is to the search for variable parts of a message. */
export const Kind = { other: 0, letter: 1, digit: 2, space: 3, minus: 4, mail: 5 } as const;

/** One of the numbers of `Kind`: letters and digits are ASCII's, `mail` are the other characters of a local part. */
export type Kind = (typeof Kind)[keyof typeof Kind];

/** What JavaScript's \s takes: the blanks of ASCII and of Unicode, line ends, the byte order mark. */
const SPACES =
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

/** One entry for each UTF-16 unit: a look-up instead of a chain of comparisons for every character of a log. */
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

/** The kind of the character at this index; `other` outside the text. */
export function kindAt(text: string, at: number): Kind {
  return at >= 0 && at < text.length ? (kinds[text.charCodeAt(at)] as Kind) : Kind.other;
}

/**
 * The end of the piece of text that begins at this index: a run of letters, digits, white space or other
 * characters, but each character alone that may begin a variable part by itself, as those amid digits.
 */
export function pieceEnd(text: string, at: number, kind: Kind): number {
  let end = at + 1;
  if (kind >= Kind.minus || (kind === Kind.digit && kindAt(text, at - 1) === Kind.digit)) return end;
  while (end < text.length && kinds[text.charCodeAt(end)] === kind) end += 1;
  return end;
}
