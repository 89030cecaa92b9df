/** Colour codes and other ANSI control sequences. The two runs share no character, so the time is linear. */
const ANSI_SEQUENCE = /(?!\s)\p{Cc}\[[0-?]*[ -/]*[@-~]/gu;
/** Characters that nobody sees: zero-width ones, soft hyphens, marks of direction, control characters. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]|(?![\s\u0085])\p{Cc}/gu;
const NOT_PLAIN = /[^ -~\s]|[\u00a0-\uffff]/;
const DASH = /[\u2010-\u2015\u2212]/g;
const NOT_ASCII = /[^\p{ASCII}]/gu;
const PRINTABLE_ASCII = /^[ -~]+$/;
const DECIMAL_DIGIT = /^\p{Nd}$/u;

/**
 * The text as the patterns expect it: full-width and other variants of ASCII characters and all decimal digits become
 * ASCII, no-break spaces become spaces, dashes `-`, and invisible characters are removed. Each character is looked at
 * alone: `normalize` over a whole text takes quadratic time for some orders of combining marks.
 */
export function toPlainForm(text: string): string {
  if (!NOT_PLAIN.test(text)) return text;
  return text
    .replace(ANSI_SEQUENCE, '')
    .replace(INVISIBLE, '')
    .replace(DASH, '-')
    .replace(NOT_ASCII, toAscii);
}

/** The ASCII form of a character, or the character itself where it has none. */
function toAscii(character: string): string {
  const compatible = character.normalize('NFKC');
  if (PRINTABLE_ASCII.test(compatible)) return compatible;
  return DECIMAL_DIGIT.test(character) ? digitOf(character) : character;
}

/** Unicode keeps the ten digits of a script side by side, from 0 to 9. */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && DECIMAL_DIGIT.test(String.fromCodePoint(code - value - 1))) value++;
  return String(value);
}
