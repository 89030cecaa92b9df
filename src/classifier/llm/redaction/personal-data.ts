import { isIPv6 } from 'node:net';
import { anyCase, type Masking } from './masking.js';

/** The length of an IBAN by country, both letters and check digits included. */
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

/** Digits alone, or right check digits (ISO 13616): upper-case ids of the same shape rarely have either. */
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

/** The check digit of ISO/IEC 7812, which tells a card number from most ids of that length. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
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

/** A colon after the address belongs to the sentence. `a::b` without a digit is rather a name in a program. */
function maskIpv6(match: string): string {
  const address = match.replace(/(?<!:):$/, '');
  return /\d/.test(address) && isIPv6(address) ? `<ip>${match.slice(address.length)}` : match;
}

/** Digits with at most two of these between them. */
const digits = (least: number, most: number) => String.raw`\d(?:[ ()./-]{0,2}\d){${least - 1},${most - 1}}`;
const PHONE_WORD =
  '(?:phone|tel|telefon|telephone|teléfono|mobile?|mobil|handy|cell ?phone|fax|msisdn|whatsapp|caller|callee|sms to|call(?:ing|ed)? (?:from|to))';

/**
 * Letters of all scripts, without the punctuation between them, as a range of characters. `\p{L}` needs the flag `u`,
 * with which the patterns take three times as long.
 */
const WORD = String.raw`\wÀ-\u1fff\u2c00-\u2fff\u3040-\uffef`;
/** The last label begins with a letter: `lodash@4.17.21` is no address. */
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
  // Cards begin with 2 to 6, times in milliseconds or less with 1.
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
  // With a country code. An offset from UTC after a time is none, nor is a change in bytes or rows.
  {
    needs: ['+'],
    pattern: anyCase(
      String.raw`(?<![\w+.]|\d:\d\d(?:[.,]\d{1,9})? ?)\+[1-9](?:[ ()./-]{0,2}\d){7,14}(?!\w|\s?(?:[kmgt]?i?b|bytes|ms|ns|us|rows)\b)`,
    ),
    mask: '<phone>',
  },
  { pattern: /(?<![\w.:-])00[1-9]\d{0,2}[ /-](?:[ ()/-]{0,2}\d){6,12}(?!\w)/g, mask: '<phone>' },
  // In the forms of North America, France, Germany and Britain.
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
