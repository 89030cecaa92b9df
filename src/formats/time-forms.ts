import { isDigit } from './digits.js';
import { TimeScanner } from './time-scanner.js';

const DAY_MS = 86_400_000;
const FIRST_YEAR = 1970;
const LAST_YEAR = 2199;
/** A time stamp of 29 February is at most so many years old. */
const MAX_YEARS_BACK = 8;
/** Stands for the year of a time stamp that has none. */
const NO_YEAR = -1;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** One for all texts: a time stamp is read without waiting. */
const scanner = new TimeScanner();

/**
 * Returns the time of the time stamp that begins at an index, in milliseconds since 1970; undefined if none does. The work
 * does not depend on the length of the text.
 * @param reference a time stamp without a year is at most a day later
 */
export function timeAt(text: string, at: number, reference: number): number | undefined {
  const first = text.charCodeAt(at);
  if (isDigit(first)) {
    scanner.begin(text, at);
    return fromDigit(reference);
  }
  if (first < 0x41 || first > 0x5a) return undefined;
  const second = text.charCodeAt(at + 1);
  if (isDigit(second)) return klog(text, at, reference);
  const fourth = text[at + 3];
  // Ruby: E, [2026-11-26T05:00:00.123456
  if (second === 0x2c) return fourth === '[' ? timeAt(text, at + 4, reference) : undefined;
  if (fourth !== ' ' && fourth !== ',') return undefined;
  scanner.begin(text, at);
  const month = scanner.month();
  if (month !== -1) return monthName(month, reference);
  if (!WEEKDAYS.has(text.slice(at, at + 3))) return undefined;
  scanner.begin(text, at + 3);
  scanner.one(',');
  if (scanner.one(' ') === '') return undefined;
  if (scanner.isAtDigit) return fromDigit(reference);
  const later = scanner.month();
  return later === -1 ? undefined : monthName(later, reference);
}

const WEEKDAYS = new Set(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);

/** Returns the time of a text that is a date without a time of day: its midnight. */
export function timeOfDate(text: string): number | undefined {
  scanner.begin(text, 0);
  const isYearFirst = scanner.digits(4) === 4;
  const first = scanner.number(1, isYearFirst ? 4 : 2);
  const isDate = scanner.one(isYearFirst ? '-/.' : '.') !== '';
  const month = scanner.number(1, 2);
  if (!isDate || first === -1 || month === -1 || scanner.one('-/.') === '') return undefined;
  const last = isYearFirst ? scanner.number(1, 2) : scanner.number(4, 4);
  if (!scanner.isAtEnd || last === -1) return undefined;
  return isYearFirst ? midnightOf(first, month, last) : midnightOf(last, month, first);
}

function fromDigit(reference: number): number | undefined {
  switch (scanner.digits(9)) {
    case 1:
    case 2:
      return dayFirst(reference);
    case 4:
      return yearFirst(reference);
    case 8:
      return compact(reference);
    default:
      return undefined;
  }
}

/** 2026-11-26T05:00:00.123456Z; 2026/11/26 05:00:00,123 */
function yearFirst(reference: number): number | undefined {
  const year = scanner.number(4, 4);
  if (scanner.one('-/.') === '') return undefined;
  const month = scanner.number(2, 2);
  if (month === -1 || scanner.one('-/.') === '') return undefined;
  const day = scanner.number(2, 2);
  if (day === -1) return undefined;
  if (scanner.one('T') === '') {
    if (scanner.one(' _,-') === '') return undefined;
    scanner.one(' ');
  }
  return withClock(year, month, day, reference);
}

/** 20261126T050000Z; 20261126 05:00:00 */
function compact(reference: number): number | undefined {
  const [year, month, day] = [scanner.number(4, 4), scanner.number(2, 2), scanner.number(2, 2)];
  if (scanner.one(' T-') === '') return undefined;
  if (scanner.digits(6) < 6) return withClock(year, month, day, reference);
  return timeOf(year, month, day, scanner.compactClock(), scanner.zone(), reference);
}

/** The forms that begin with a day, or with a month of one or two digits. */
function dayFirst(reference: number): number | undefined {
  const first = scanner.number(1, 2);
  const separator = scanner.one('./- ');
  if (separator === '') return undefined;
  const name = separator === '.' ? -1 : scanner.month();
  if (name !== -1) return dayMonthName(first, name, reference);
  if (separator === ' ') return undefined;
  const second = scanner.number(1, 2);
  if (second === -1) return undefined;
  // 11-26 05:00:00.123 of Android
  if (separator === '-')
    return scanner.one(' ') === '' ? undefined : withClock(NO_YEAR, first, second, reference);
  if (scanner.one(separator) === '') return undefined;
  const year = scanner.number(4, 4);
  scanner.one(',');
  if (year === -1 || scanner.one(' ') === '') return undefined;
  // 26.11.2026 05:00:00
  if (separator === '.') return withClock(year, second, first, reference);
  // 11/26/2026 5:00:00 AM. Without AM or PM, nothing tells the day from the month.
  return withClock(year, first, second, reference, true);
}

/** 26/Nov/2026:05:00:00 +0000; 26-Nov-2026 05:00:00; 26 Nov 2026 05:00:00 */
function dayMonthName(day: number, month: number, reference: number): number | undefined {
  if (scanner.one('/- ') === '') return undefined;
  const year = scanner.number(4, 4);
  if (year === -1 || scanner.one(': ') === '') return undefined;
  return withClock(year, month, day, reference);
}

/** Nov 26 05:00:00; Nov 26 2026 05:00:00; Nov 26, 2026 5:00:00 AM; Nov 26 05:00:00.123 UTC 2026 */
function monthName(month: number, reference: number): number | undefined {
  if (scanner.one(' ') === '') return undefined;
  scanner.one(' ');
  const day = scanner.number(1, 2);
  scanner.one(',');
  if (day === -1 || scanner.one(' ') === '') return undefined;
  if (scanner.digits(4) === 4) {
    const year = scanner.number(4, 4);
    scanner.one(',');
    return scanner.one(' ') === '' ? undefined : withClock(year, month, day, reference);
  }
  const clock = scanner.clock();
  const east = scanner.zone();
  const hasYear = scanner.one(' ') !== '' && scanner.digits(5) === 4;
  return timeOf(hasYear ? scanner.number(4, 4) : NO_YEAR, month, day, clock, east, reference);
}

/** I1126 05:00:00.123456 of klog and I20261126 05:00:00.123456 of glog */
function klog(text: string, at: number, reference: number): number | undefined {
  if (!'IWEF'.includes(text.charAt(at))) return undefined;
  scanner.begin(text, at + 1);
  const count = scanner.digits(9);
  if (count !== 4 && count !== 8) return undefined;
  const year = count === 8 ? scanner.number(4, 4) : NO_YEAR;
  const [month, day] = [scanner.number(2, 2), scanner.number(2, 2)];
  return scanner.one(' ') === '' ? undefined : withClock(year, month, day, reference);
}

function withClock(
  year: number,
  month: number,
  day: number,
  reference: number,
  needsHalf = false,
): number | undefined {
  const clock = scanner.clock(needsHalf);
  return clock === -1 ? undefined : timeOf(year, month, day, clock, scanner.zone(), reference);
}

/** @param clock the milliseconds since midnight; -1 or NaN if there is no such time of day */
function timeOf(
  year: number,
  month: number,
  day: number,
  clock: number,
  east: number,
  reference: number,
): number | undefined {
  if (!(clock >= 0)) return undefined;
  if (year !== NO_YEAR) {
    const midnight = midnightOf(year, month, day);
    return midnight === undefined ? undefined : midnight + clock - east;
  }
  const latest = reference + DAY_MS;
  const latestYear = yearOf(latest);
  for (let back = 0; back <= MAX_YEARS_BACK; back += 1) {
    const midnight = midnightOf(latestYear - back, month, day);
    if (midnight !== undefined && midnight + clock - east <= latest) return midnight + clock - east;
  }
  return undefined;
}

/** The day that was asked for last, because the records of a file follow each other. */
let lastDay = { year: 0, month: 0, day: 0, midnight: 0 };

/** Returns the start of a day; undefined if there is no such day. */
function midnightOf(year: number, month: number, day: number): number | undefined {
  if (lastDay.year === year && lastDay.month === month && lastDay.day === day) return lastDay.midnight;
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR) || !(day >= 1 && day <= (DAYS[month - 1] ?? 0)))
    return undefined;
  const midnight = Date.UTC(year, month - 1, day);
  if (month === 2 && new Date(midnight).getUTCDate() !== day) return undefined;
  lastDay = { year, month, day, midnight };
  return midnight;
}

let lastYear = { time: NaN, year: 0 };

function yearOf(time: number): number {
  if (lastYear.time !== time) lastYear = { time, year: new Date(time).getUTCFullYear() };
  return lastYear.year;
}
