import { anyCase, type Masking } from './masking.js';
import { ASSIGNMENT, NO_VALUE, SECRET_FIELD, SECRET_NAME, STATE, STATE_IN_SENTENCE } from './secret-names.js';
import { QUOTED_VALUE, SECRET_VALUE } from './secret-value.js';

/** For another, as in `password for bob is`. White space ends each word, so there is one way to match it. */
const OWNER = String.raw`(?:\s(?:for|of|von|für|de|du|del)\s[^\s:=]{1,64}(?:\s[^\s:=]{1,64})?)`;
const IS = String.raw`\s{1,3}(?:is|was|equals|ist|war|lautet|est|es|é|è)(?:\s(?:now|still))?\s?:?`;
const SET_TO = String.raw`\s{1,3}(?:(?:is|was|has been)\s)?(?:re)?(?:set|changed|updated|rotated)\s(?:to|as)`;
/** Holds where a run of at least six characters has a letter and a digit: that is no word. */
const NO_WORD = String.raw`(?=\S{6})(?=[^\s\d]{0,64}\d)(?=[^\sa-z]{0,64}[a-z])`;
const WORDLIKE = String.raw`[\w.!@#$%^*+~-]`;

/** What stands between a name and its secret, each with the secret. The first group is what stays. */
const waysToTell = [
  String.raw`(${ASSIGNMENT})(?!${NO_VALUE}|(?<=:\s{1,5})${STATE})${SECRET_VALUE}`,
  String.raw`(${OWNER}?(?:${IS}|${SET_TO})\s{1,3})(?!${NO_VALUE}|${STATE_IN_SENTENCE})${SECRET_VALUE}`,
  String.raw`(${OWNER}\s?[:=]\s{0,3})${NO_WORD}${SECRET_VALUE}`,
  // `Unexpected token '<'` is about syntax.
  String.raw`(?<!expected\s\w{1,24})(\s{1,3})(?=["'\x60“„‘«])${QUOTED_VALUE}`,
  String.raw`(\s?\(\s?)(?=["'])${QUOTED_VALUE}`,
  String.raw`(\s{1,3})${NO_WORD}(?!\d{4}-\d\d)${WORDLIKE}{7,256}(?=[\s,;)\]]|$)`,
];

/**
 * Secrets inside tags. They come before all others: what these put in their place looks like a tag. A tag that a word
 * touches (`List<Token>`) is none, and one that is not closed counts only where nothing but its value follows.
 */
export const taggedSecrets: readonly Masking[] = [
  {
    needs: ['<'],
    pattern: anyCase(
      String.raw`((?<!\w)<(?:[\w.-]{1,40}:)?[\w.-]{0,40}?${SECRET_NAME}[\w.-]{0,40}(?:\s[^<>]{0,200})?>\s{0,20})(?:<!\[CDATA\[(?:(?!\]\]>)[\s\S])*|(?!\s)[^<]*(?:<(?!\/)[^<]*){0,4}(?=<\/)|(?<=>)(?![\s,;:.)\]}@&"'])[^<]*$)`,
    ),
    mask: '$1<secret>',
  },
];

/** Secrets with a name before them. Needed only where `mayNameSecrets` holds. */
export const namedSecrets: readonly Masking[] = [
  // A name and its value as two attributes: <add key="password" value="x"/>, {"name": "PASSWORD", "value": "x"}.
  {
    needs: ['value'],
    pattern: anyCase(
      String.raw`(${SECRET_NAME}[\w.-]{0,40}\\{0,7}["'][^<>{}]{0,80}?\bvalue\\{0,7}["']?\s{0,5}[:=]\s{0,5})${SECRET_VALUE}`,
    ),
    mask: '$1<secret>',
  },
  {
    needs: ['value'],
    pattern: anyCase(
      String.raw`(\bvalue\\{0,7}["']?\s{0,5}[:=]\s{0,5})(?:\\{0,7}"[^"]{0,200}"|'[^']{0,200}')(?=[\s,]{1,5}\\{0,7}["']?(?:name|key|id)\\{0,7}["']?\s{0,5}[:=]\s{0,5}\\{0,7}["'][\w.-]{0,40}?${SECRET_NAME})`,
    ),
    mask: '$1<secret>',
  },
  // These schemes have parameters with commas between them: they run to the line's end.
  {
    needs: ['authorization'],
    pattern: /(authorization\s{0,3}[:=]\s{0,3}(?:digest|oauth|hawk|signature|aws4-hmac-sha256)\s)[^\r\n]+/gi,
    mask: '$1<secret>',
  },
  {
    needs: ['-'],
    pattern: anyCase(
      String.raw`((?<![\w-])--?[\w-]{0,40}?${SECRET_NAME}[\w-]{0,40}\s{1,5})(?:${QUOTED_VALUE}|[^\s-]\S*)`,
    ),
    mask: '$1<secret>',
  },
  {
    pattern: anyCase(String.raw`(${SECRET_FIELD})(?:${waysToTell.join('|')})`),
    mask: `$1${waysToTell.map((_, way) => `$${way + 2}`).join('')}<secret>`,
  },
  {
    needs: ['otp', 'passcode', 'code', 'cvv', 'cvc'],
    pattern:
      /((?<![a-z])(?:t?otp|passcode|(?:verification|security|one[ -]time) code|cvv2?|cvc2?)\s{1,3})\d{3,10}(?!\w)/gi,
    mask: '$1<secret>',
  },
  { needs: ['pin'], pattern: /((?<![a-z])pin\s{1,3})\d{4,12}(?!\w)/gi, mask: '$1<secret>' },
  {
    needs: [' is your'],
    pattern: /(?<!\w)\d{4,10}(?=\sis your\s(?:[a-z-]{1,24}\s){0,3}(?:code|otp|pin|password|passcode))/gi,
    mask: '<secret>',
  },
];

const anyName = new RegExp(SECRET_NAME);

/** Whether some word of the text names a secret. The search is quicker in lower case than without regard to case. */
export function mayNameSecrets(text: string): boolean {
  return anyName.test(text.toLowerCase());
}
