import { isIPv6 } from 'node:net';
import { anyCase, type Masking } from './masking.js';

/** Countries by the length of their IBANs, including the country code and the check digits. */
const ibanLengths: Readonly<Record<number, string>> = {
  15: 'NO',
  16: 'BE|BI',
  18: 'DK|FI|FO|GL|NL|SD',
  19: 'MK|SI',
  20: 'AT|BA|EE|KZ|LT|LU|MN|XK',
  21: 'CH|CR|HR|LI|LV',
  22: 'BG|BH|DE|GB|GE|IE|ME|RS',
  23: 'AE|GI|IL|IQ|OM|SO|TL',
  24: 'AD|CZ|ES|MD|PK|RO|SA|SE|SK|TN|VA|VG',
  25: 'LY|PT|ST',
  26: 'IS|TR',
  27: 'BJ|FR|GR|IT|MC|MR|SM',
  28: 'AL|AZ|BY|CY|DO|GT|HU|LB|NI|PL|SV',
  29: 'BR|EG|PS|QA|UA',
  30: 'JO|KW|MU|YE',
  31: 'MT|SC',
  32: 'LC',
  33: 'RU',
};
const IBAN = Object.entries(ibanLengths)
  .map(([length, countries]) => String.raw`(?:${countries})\d\d(?:[ .-]?[a-z0-9]){${Number(length) - 4}}`)
  .join('|');

/**
 * Whether a text of the shape of an IBAN is one: its check digits are right (ISO 13616), or only digits follow the
 * country code. Upper-case ids of the same shape rarely meet either condition.
 */
function isIban(match: string): boolean {
  const compact = match.replace(/[ .-]/g, '').toUpperCase();
  if (/^[A-Z]{2}\d+$/.test(compact)) return true;
  const moved = compact.slice(4) + compact.slice(0, 4);
  let remainder = 0;
  for (const character of moved) {
    for (const digit of String(parseInt(character, 36))) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder === 1;
}

/** Whether the check digit is right (Luhn, ISO/IEC 7812). Most ids of that length that are not card numbers fail. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let fromEnd = 0; fromEnd < digits.length; fromEnd++) {
    const digit = Number(digits[digits.length - 1 - fromEnd]);
    const doubled = fromEnd % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function maskCard(match: string): string {
  const digits = match.replace(/\D/g, '');
  return digits.length >= 13 && digits.length <= 19 && passesLuhn(digits) ? '<card-number>' : match;
}

function maskIpv4(match: string): string {
  const parts = match.match(/\d+/g) ?? [];
  return parts.every((part) => Number(part) <= 255) ? '<ip>' : match;
}

/** Masks an IPv6 address. A single colon after it stays. `a::b` without a digit is more likely a name in a program. */
function maskIpv6(match: string): string {
  const address = match.replace(/(?<!:):$/, '');
  return /\d/.test(address) && isIPv6(address) ? `<ip>${match.slice(address.length)}` : match;
}

/** Returns a pattern for `least` to `most` digits with at most two separators between neighbours. */
const digits = (least: number, most: number) => String.raw`\d(?:[ ()./-]{0,2}\d){${least - 1},${most - 1}}`;
const PHONE_WORD =
  '(?:phone|tel|telefon|telephone|teléfono|mobile?|mobil|handy|cell ?phone|fax|msisdn|whatsapp|caller|callee|sms to|call(?:ing|ed)? (?:from|to))';

/**
 * The inside of a character class for letters of all scripts, without the punctuation blocks between them. `\p{L}`
 * needs the flag `u`, which makes the patterns three times slower.
 */
const WORD = String.raw`\wÀ-\u1fff\u2c00-\u2fff\u3040-\uffef`;
/** A domain name. Its last label does not begin with a digit, so `lodash@4.17.21` is not an address. */
const DOMAIN = String.raw`(?:[${WORD}-]+\.)+(?!\d)[${WORD}-]{2,}`;

/** E-mail addresses, account and card numbers, IP addresses and phone numbers. */
export const personalData: readonly Masking[] = [
  {
    needs: ['@'],
    pattern: anyCase(String.raw`(?<![${WORD}.%+-])[${WORD}.%+-]+@${DOMAIN}`),
    mask: '<email>',
  },
  {
    needs: ['%40'],
    pattern: anyCase(String.raw`(?<![${WORD}.+-])[${WORD}.+-]+%40${DOMAIN}`),
    mask: '<email>',
  },
  {
    pattern: anyCase(String.raw`(?<![a-z0-9])(?:${IBAN})(?![a-z0-9])`),
    mask: (match) => (isIban(match) ? '<iban>' : match),
  },
  { pattern: /(?<!\d)\d{4}([ .-]{1,3})\d{4}\1\d{4}\1\d{1,7}(?!\d)/g, mask: '<card-number>' },
  { pattern: /(?<!\d)\d{4}([ .-]{1,3})\d{6}\1\d{5}(?!\d)/g, mask: '<card-number>' },
  { pattern: /(?<![\d./-])[3-6]\d{3,9}([ .-])\d{3,10}(?:\1\d{2,8}){0,3}(?!\d)/g, mask: maskCard },
  // Card numbers begin with 2 to 6; Unix times in milliseconds or finer units begin with 1.
  { pattern: /(?<!\d)[2-6]\d{12,18}(?!\d)/g, mask: maskCard },
  { pattern: /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])/g, mask: '<secret>' }, // US social security number
  {
    needs: [':'],
    pattern:
      /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,8}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4})(?:%[\w.-]{1,20})?(?![\w:])/gi,
    mask: maskIpv6,
  },
  {
    pattern:
      /(?<![\d.]|\bv|\b(?:version|ver|release|build)[\s:=]{1,2}|\b(?:Chrome|Chromium|Edge?|OPR|Version|Vivaldi|YaBrowser)\/)\d{1,3}(?:\[?\.\]?\d{1,3}){3}(?!\d|\.\d{1,5}\.\d)/gi,
    mask: maskIpv4,
  },
  { needs: ['ip-'], pattern: /(?<!\w)ip-\d{1,3}(?:-\d{1,3}){3}(?!\d)/gi, mask: '<ip>' },
  {
    pattern: anyCase(
      String.raw`((?<![a-z])${PHONE_WORD}(?:[ _-]?(?:number|no|nr)\b)?\.?["']?[\s:=#]{1,3}["']?)\+?${digits(7, 15)}(?!\w)`,
    ),
    mask: '$1<phone>',
  },
  // Phone numbers with a country code; not UTC offsets after a time, and not changes in bytes, rows or time.
  {
    needs: ['+'],
    pattern: anyCase(
      String.raw`(?<![\w+.]|\d:\d\d(?:[.,]\d{1,9})? ?)\+[1-9](?:[ ()./-]{0,2}\d){7,14}(?!\w|\s?(?:[kmgt]?i?b|bytes|ms|ns|us|rows)\b)`,
    ),
    mask: '<phone>',
  },
  { pattern: /(?<![\w.:-])00[1-9]\d{0,2}[ /-](?:[ ()/-]{0,2}\d){6,12}(?!\w)/g, mask: '<phone>' },
  // Phone numbers in the formats of North America, France, Germany and Britain.
  {
    pattern: /(?<![\w.-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}-|\d{3}\.)\d{3}[ .-]\d{4}(?![\w-])/g,
    mask: '<phone>',
  },
  { pattern: /(?<![\w-]|\d[ .])0[1-9]([ .])\d{2}(?:\1\d{2}){3}(?![ .]?\d)/g, mask: '<phone>' },
  {
    pattern:
      /(?<![\w.:/+-])\(?0[1-9]\d{1,3}(?:\) ?|[ /-])(?=\d(?:[ -]?\d){4,8}(?!\w))\d{3,8}(?:[ -]\d{2,8}){0,3}(?![\w:.]|-\d)/g,
    mask: '<phone>',
  },
];
