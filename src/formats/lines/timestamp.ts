import { isDigit } from '../digits.js';

/** The number of characters of a line that are searched for a time stamp, a syslog prefix or a level. */
export const PREFIX_CHARS = 200;

const time = String.raw`\d{1,2}:\d\d(?::\d\d(?:[.,:]\d{1,9})?)?(?!\d)(?: ?[AP]M\b)?`;
const zone = String.raw`(?: ?(?:Z\b|[+-]\d\d:?\d\d(?!\d)|(?:UTC|GMT|CES?T|[ECMP][SD]T)\b))?`;
const month = '[A-Z][a-z]{2}';

/** Time stamps that begin with a year and a separator, as those of most loggers do: 2026-11-26T05:00:00.123456Z. */
const yearFirst = new RegExp(String.raw`^\d{4}[-/.]\d\d[-/.]\d\d[T _,-] ?${time}${zone}`);

/** The other forms that begin with a digit. */
const digitFirst = oneOf([
  // 05:00:00.123
  String.raw`\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?![\d:])`,
  // 26/Nov/2026:05:00:00 +0000; 26-Nov-2026 05:00:00.123; 26 Nov 2026 05:00:00
  String.raw`\d{1,2}[-/ ]${month}[-/ ]\d{4}[: ]${time}${zone}`,
  // 26.11.2026 05:00:00; 11/26/2026 05:00:00; 26/11/26 05:00:00
  String.raw`\d{1,2}[./-]\d{1,2}[./-]\d{2}(?:\d{2})?[ ,T] ?${time}${zone}`,
  // 11-26 05:00:00.123 (Android)
  String.raw`\d\d-\d\d ${time}`,
  // 20261126 05:00:00; 20261126T050000
  String.raw`20\d{6}[ T-](?:${time}|\d{6}\b)${zone}`,
]);

/** The forms that begin with a letter. */
const letterFirst = oneOf([
  // Nov 26 05:00:00; Nov 26 2026 05:00:00; Nov 26, 2026 5:00:00 AM
  String.raw`${month} [ \d]?\d,?(?: \d{4})? ${time}`,
  // Thu Nov 26 05:00:00.123456 UTC 2026; Thu 2026-11-26 05:00:00 UTC
  String.raw`${month},? (?:${month} [ \d]?\d ${time}${zone}(?: \d{4})?|\d{4}-\d\d-\d\d ${time}${zone})`,
  // E1126 05:00:00.123456 (klog); I20261126 05:00:00.123456 (glog)
  String.raw`[IWEF](?:\d{4})?\d{4} ${time}`,
  // E, [2026-11-26T05:00:00.123456 (Ruby)
  String.raw`[DIWEFA], \[\d{4}-\d\d-\d\dT${time}`,
]);

/** [   12.345678] (kernel) */
const kernelTime = /^\[ {0,10}\d{1,10}\.\d{3,6}\]/;

function oneOf(forms: readonly string[]): RegExp {
  return new RegExp(`^(?:${forms.join('|')})`);
}

/**
 * Returns the length of the time stamp at the start of a text, with brackets around it; 0 if it does not begin with one.
 * A date without a time of day is none.
 */
export function timestampLength(text: string): number {
  const first = text.charCodeAt(0);
  if (first !== openBracket && first !== openParenthesis) return bareLength(text);
  const kernel = kernelTime.exec(text);
  if (kernel) return kernel[0].length;
  const length = bareLength(text.slice(1));
  if (length === 0) return 0;
  const next = text.charCodeAt(length + 1);
  return length + (next === closeBracket || next === closeParenthesis ? 2 : 1);
}

function bareLength(text: string): number {
  const first = text.charCodeAt(0);
  if (first >= 0x30 && first <= 0x39) {
    const hasYear = isDigit(text.charCodeAt(3)) && !isDigit(text.charCodeAt(4));
    return (hasYear ? yearFirst : digitFirst).exec(text)?.[0].length ?? 0;
  }
  if (first < 0x41 || first > 0x5a) return 0;
  // A day or month of three letters and a blank, a severity letter and digits, or Ruby's "E, [".
  const second = text.charCodeAt(1);
  const third = text.charCodeAt(3);
  if (third !== 0x20 && third !== 0x2c && !isDigit(second) && second !== 0x2c) return 0;
  return letterFirst.exec(text)?.[0].length ?? 0;
}

const openBracket = 0x5b;
const closeBracket = 0x5d;
const openParenthesis = 0x28;
const closeParenthesis = 0x29;
