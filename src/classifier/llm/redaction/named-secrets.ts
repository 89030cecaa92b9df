import { anyCase, type Masking } from './masking.js';
import { ASSIGNMENT, NO_VALUE, SECRET_FIELD, SECRET_NAME, STATE, STATE_IN_SENTENCE } from './secret-names.js';
import { QUOTED_VALUE, SECRET_VALUE } from './secret-value.js';

/** The owner of a secret, as in `password for bob is`. White space ends each word, so there is one way to match it. */
const OWNER = String.raw`(?:\s(?:for|of|von|für|de|du|del)\s[^\s:=]{1,64}(?:\s[^\s:=]{1,64})?)`;
const IS = String.raw`\s{1,3}(?:is|was|equals|ist|war|lautet|est|es|é|è)(?:\s(?:now|still))?\s?:?`;
const SET_TO = String.raw`\s{1,3}(?:(?:is|was|has been)\s)?(?:re)?(?:set|changed|updated|rotated)\s(?:to|as)`;
/** Lookahead: the next six or more characters are not a word, because they contain a letter and a digit. */
const NOT_A_WORD = String.raw`(?=\S{6})(?=[^\s\d]{0,64}\d)(?=[^\sa-z]{0,64}[a-z])`;
const WORDLIKE = String.raw`[\w.!@#$%^*+~-]`;

/** The forms of a secret after its name. The first group of each is the text before the secret, which stays. */
const secretForms = [
  String.raw`(${ASSIGNMENT})(?!${NO_VALUE}|(?<=:\s{1,5})${STATE})${SECRET_VALUE}`,
  String.raw`(${OWNER}?(?:${IS}|${SET_TO})\s{1,3})(?!${NO_VALUE}|${STATE_IN_SENTENCE})${SECRET_VALUE}`,
  String.raw`(${OWNER}\s?[:=]\s{0,3})${NOT_A_WORD}${SECRET_VALUE}`,
  // `Unexpected token '<'` is a syntax error, not a secret.
  String.raw`(?<!expected\s\w{1,24})(\s{1,3})(?=["'\x60“„‘«])${QUOTED_VALUE}`,
  String.raw`(\s?\(\s?)(?=["'])${QUOTED_VALUE}`,
  String.raw`(\s{1,3})${NOT_A_WORD}(?!\d{4}-\d\d)${WORDLIKE}{7,256}(?=[\s,;)\]]|$)`,
];

/**
 * Secrets inside tags. They must be applied first, because the masks of the other patterns look like tags. A tag
 * directly after a word (`List<Token>`) does not count. A tag that is not closed counts only if nothing but its value
 * follows.
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

/** Secrets with a name before them. A text has none if `mayNameSecrets` returns false. */
export const namedSecrets: readonly Masking[] = [
  // Name and value in two attributes: <add key="password" value="x"/>, {"name": "PASSWORD", "value": "x"}.
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
  // The parameters of these schemes are separated by commas and extend to the end of the line.
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
    pattern: anyCase(String.raw`(${SECRET_FIELD})(?:${secretForms.join('|')})`),
    mask: `$1${secretForms.map((_, index) => `$${index + 2}`).join('')}<secret>`,
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

/** Whether the text contains a word that names a secret. Searching the lower-case text is faster than ignoring case. */
export function mayNameSecrets(text: string): boolean {
  return anyName.test(text.toLowerCase());
}
