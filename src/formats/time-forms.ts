/** The names of months in time stamps; the index is the month. */
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Named zones, in minutes east of UTC. Other names are ambiguous or rare. */
const ZONES: Readonly<Record<string, number>> = {
  Z: 0,
  UTC: 0,
  GMT: 0,
  CET: 60,
  CEST: 120,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};

const DAY_MS = 86_400_000;
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;
const MAX_MINUTES_EAST = 14 * 60;
/** A time stamp of 29 February is at most so many years old. */
const MAX_YEARS_BACK = 8;

/** The parts of a time stamp as a pattern finds them. `year` is missing in some forms, `clock` in a date. */
type Parts = Readonly<Record<string, string | undefined>>;

const CLOCK = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?(?!\d)(?:[ \u202F]?(?<half>[AP])M\b)?`;
const ZONE = String.raw`(?: ?(?<zone>Z\b|[+-]\d\d:?\d\d(?!\d)|(?<! )[+-]\d\d(?![\d:-])|(?:UTC|GMT|CES?T|[ECMP][SD]T)\b))?`;
const MONTH_NAME = `(?<month>${MONTHS.join('|')})`;
const YEAR = String.raw`(?<year>\d{4})`;
const MONTH = String.raw`(?<month>\d\d)`;

/** 2026-11-26T05:00:00.123456Z; 2026/11/26 05:00:00,123 */
const yearFirst = sticky(String.raw`${YEAR}[-/.]${MONTH}[-/.](?<day>\d\d)(?:T|[ _,-] ?)${CLOCK}${ZONE}`);
/** 20261126T050000Z; 20261126 05:00:00 */
const compact = sticky(
  String.raw`(?<year>20\d\d)${MONTH}(?<day>\d\d)[ T-](?:${CLOCK}|(?<hours>\d\d)(?<minutes>\d\d)(?<seconds>\d\d)(?!\d))${ZONE}`,
);
/** 26/Nov/2026:05:00:00 +0000; 26-Nov-2026 05:00:00; 26 Nov 2026 05:00:00 */
const dayMonthName = sticky(String.raw`(?<day>\d{1,2})[-/ ]${MONTH_NAME}[-/ ]${YEAR}[: ]${CLOCK}${ZONE}`);
/** 26.11.2026 05:00:00 */
const dayFirst = sticky(String.raw`(?<day>\d{1,2})\.(?<month>\d{1,2})\.${YEAR},? ${CLOCK}${ZONE}`);
/** 11/26/2026 5:00:00 AM. Without AM or PM, nothing tells the day from the month. */
const monthFirst = sticky(
  String.raw`(?<month>\d{1,2})/(?<day>\d{1,2})/${YEAR},? (?=[\d:.,]+[ \u202F]?[AP]M)${CLOCK}${ZONE}`,
);
/** 11-26 05:00:00.123 of Android */
const monthDay = sticky(String.raw`${MONTH}-(?<day>\d\d) ${CLOCK}`);
/** Nov 26 05:00:00; Nov 26 2026 05:00:00; Nov 26, 2026 5:00:00 AM */
const monthName = sticky(String.raw`${MONTH_NAME} {1,2}(?<day>\d{1,2}),?(?: ${YEAR},?)? ${CLOCK}${ZONE}`);
/** Thu Nov 26 05:00:00.123 UTC 2026 */
const dayName = sticky(
  String.raw`[A-Z][a-z]{2} ${MONTH_NAME} {1,2}(?<day>\d{1,2}) ${CLOCK}${ZONE}(?: ${YEAR}(?!\d))?`,
);
/** `Thu ` and `Thu, ` in front of another form */
const weekday = /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? /y;
/** I1126 05:00:00.123456 (klog) and I20261126 05:00:00.123456 (glog) */
const klog = sticky(String.raw`[IWEF](?<year>20\d\d(?=\d{4} ))?${MONTH}(?<day>\d\d) ${CLOCK}`);

const dateOnly = sticky(String.raw`${YEAR}[-/.]${MONTH}[-/.](?<day>\d\d)$`);
const dayFirstOnly = sticky(String.raw`(?<day>\d{1,2})\.(?<month>\d{1,2})\.${YEAR}$`);

function sticky(pattern: string): RegExp {
  return new RegExp(pattern, 'y');
}

/**
 * Returns the time of the time stamp that begins at an index, in milliseconds since 1970; undefined if none does. The work
 * does not depend on the length of the text.
 * @param reference a time stamp without a year is at most a day later
 */
export function timeAt(text: string, at: number, reference: number): number | undefined {
  const first = text.charCodeAt(at);
  if (isDigit(first)) return timeFromDigit(text, at, reference);
  if (first < 0x41 || first > 0x5a) return undefined;
  const second = text.charCodeAt(at + 1);
  if (isDigit(second)) return read(klog, text, at, reference);
  // Ruby: E, [2026-11-26T05:00:00.123456
  if (second === 0x2c) return text[at + 3] === '[' ? read(yearFirst, text, at + 4, reference) : undefined;
  if (text[at + 3] !== ' ' && text[at + 3] !== ',') return undefined;
  const named = read(monthName, text, at, reference) ?? read(dayName, text, at, reference);
  if (named !== undefined) return named;
  weekday.lastIndex = at;
  if (!weekday.test(text) || !isDigit(text.charCodeAt(weekday.lastIndex))) return undefined;
  return timeFromDigit(text, weekday.lastIndex, reference);
}

/** Returns the time of a text that is a date without a time of day: its midnight. */
export function timeOfDate(text: string): number | undefined {
  return read(dateOnly, text, 0, 0) ?? read(dayFirstOnly, text, 0, 0);
}

function timeFromDigit(text: string, at: number, reference: number): number | undefined {
  switch (digitsAt(text, at)) {
    case 1:
    case 2:
      return timeFromDay(text, at, reference);
    case 4:
      return read(yearFirst, text, at, reference);
    case 8:
      return read(compact, text, at, reference);
    default:
      return undefined;
  }
}

function timeFromDay(text: string, at: number, reference: number): number | undefined {
  const separator = text[at + digitsAt(text, at)];
  if (separator === '.') return read(dayFirst, text, at, reference);
  if (separator !== '/' && separator !== '-' && separator !== ' ') return undefined;
  const named = read(dayMonthName, text, at, reference);
  if (named !== undefined || separator === ' ') return named;
  return read(separator === '/' ? monthFirst : monthDay, text, at, reference);
}

/** Returns the number of digits from an index on, at most 9. */
function digitsAt(text: string, at: number): number {
  let count = 0;
  while (count < 9 && isDigit(text.charCodeAt(at + count))) count += 1;
  return count;
}

function read(pattern: RegExp, text: string, at: number, reference: number): number | undefined {
  pattern.lastIndex = at;
  const parts = pattern.exec(text)?.groups;
  return parts === undefined ? undefined : timeOf(parts, reference);
}

function timeOf(parts: Parts, reference: number): number | undefined {
  const time = timeOfDay(parts);
  if (time === undefined) return undefined;
  const month = monthOf(parts.month ?? '');
  const day = Number(parts.day);
  const east = minutesEast(parts.zone ?? 'Z') * 60_000;
  if (parts.year !== undefined) {
    const midnight = midnightOf(Number(parts.year), month, day);
    return midnight === undefined ? undefined : midnight + time - east;
  }
  const latest = reference + DAY_MS;
  const year = new Date(latest).getUTCFullYear();
  for (let back = 0; back <= MAX_YEARS_BACK; back += 1) {
    const midnight = midnightOf(year - back, month, day);
    if (midnight !== undefined && midnight + time - east <= latest) return midnight + time - east;
  }
  return undefined;
}

/** Returns the start of a day; undefined if there is no such day. */
function midnightOf(year: number, month: number, day: number): number | undefined {
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR) || !(month >= 0 && month < 12) || day < 1) return undefined;
  const midnight = Date.UTC(year, month, day);
  return new Date(midnight).getUTCDate() === day ? midnight : undefined;
}

/** Returns the milliseconds since midnight; undefined if there is no such time. */
function timeOfDay(parts: Parts): number | undefined {
  const { hour, minute, second = '0', fraction = '', half } = parts;
  const [hours, minutes] = [Number(hour ?? parts.hours ?? 0), Number(minute ?? parts.minutes ?? 0)];
  const seconds = Number(parts.seconds ?? second);
  // A leap second has the number 60.
  if (hours > (half === undefined ? 23 : 12) || minutes > 59 || seconds > 60) return undefined;
  const hourOfDay = half === undefined ? hours : (hours % 12) + (half === 'P' ? 12 : 0);
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return ((hourOfDay * 60 + minutes) * 60 + seconds) * 1000 + ms;
}

function monthOf(month: string): number {
  return isDigit(month.charCodeAt(0)) ? Number(month) - 1 : MONTHS.indexOf(month);
}

function minutesEast(zone: string): number {
  const named = ZONES[zone];
  if (named !== undefined) return named;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  // A negative number behind a time stamp is no zone.
  if (minutes > MAX_MINUTES_EAST) return 0;
  return zone.startsWith('-') ? -minutes : minutes;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
