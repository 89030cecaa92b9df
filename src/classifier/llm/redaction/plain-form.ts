/** Colour codes and other ANSI control sequences. Its two repeats share no character, so it takes linear time. */
const ANSI_SEQUENCE = /(?!\s)\p{Cc}\[[0-?]*[ -/]*[@-~]/gu;
/**
 * Invisible characters: zero-width characters, soft hyphens, direction marks, and control characters that are not white
 * space.
 */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]|(?![\s\u0085])\p{Cc}/gu;
/** The second part is for white space that is not ASCII, which `\s` contains. */
const NOT_PLAIN = /[^ -~\s]|[\u00a0-\uffff]/;
const DASH = /[\u2010-\u2015\u2212]/g;
const NOT_ASCII = /[^\p{ASCII}]/gu;
const PRINTABLE_ASCII = /^[ -~]+$/;
const DECIMAL_DIGIT = /^\p{Nd}$/u;

/**
 * Returns the text in the form that the patterns of redaction expect. Variants of ASCII characters (such as full-width
 * letters) and the decimal digits of all scripts become ASCII. No-break spaces become spaces, and dashes become `-`.
 * Colour codes and invisible characters are removed.
 *
 * Each character is normalised alone: `normalize` on a complete text takes quadratic time for some orders of combining
 * marks.
 */
export function toPlainForm(text: string): string {
  if (!NOT_PLAIN.test(text)) return text;
  return text
    .replace(ANSI_SEQUENCE, '')
    .replace(INVISIBLE, '')
    .replace(DASH, '-')
    .replace(NOT_ASCII, toAscii);
}

/** Returns the ASCII form of a character, or the character itself if it has none. */
function toAscii(character: string): string {
  const compatible = character.normalize('NFKC');
  if (PRINTABLE_ASCII.test(compatible)) return compatible;
  return DECIMAL_DIGIT.test(character) ? digitOf(character) : character;
}

/**
 * Returns the value of a decimal digit. The ten digits of a script are consecutive in Unicode, from 0 to 9. Some scripts
 * have several sets of digits that follow each other directly.
 */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  let before = 0;
  while (DECIMAL_DIGIT.test(String.fromCodePoint(code - before - 1))) before++;
  return String(before % 10);
}
