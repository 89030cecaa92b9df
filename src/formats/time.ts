import type { LogRecord } from '../log-record.js';
import { timeAt, timeOfDate } from './time-forms.js';

/** A time field is at most this long. */
const MAX_FIELD_CHARS = 64;
/** An access log has its time in brackets among this many characters of the line. */
const MAX_HEAD_CHARS = 200;

/** `<34>` and `<34>1 ` of syslog */
const priority = /<\d{1,3}>(?:1 )?/y;
/** A level in front of the time stamp, as in `INFO  2026-11-26 05:00:00`, `[warn] 2026` and `ERROR: [2026`. */
const level =
  /\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|trace|debug|info|notice|warn|warning|error|critical|fatal)\]?:? {1,8}\[?(?=\d)/y;

/** Seconds since 1970, with a fraction, or milliseconds, microseconds or nanoseconds. */
const epochField = /^(\d{9,10})(\.\d{1,9})?$|^(\d{12,13}|\d{15,16}|\d{18,19})(?:\.\d{1,9})?$/;
/** The same in front of a message. Only numbers of the years 2001 to 2033, because others are likely to be ids. */
const epochHead = /(1\d{9})(?:(\.\d{1,9})|(\d{9}|\d{6}|\d{3}))?(?=[ \t|,:\]]|$)/y;

/**
 * Returns the time of a record in milliseconds since 1970; undefined if it states none. It is read from the record's time
 * field, or else from the time stamp at the start of the message. An access log's time in brackets may stand anywhere in
 * the first 200 characters. A time without a zone is taken as UTC. A time of day without a date is none.
 *
 * The time is the same in every process only if the reference is, because it tells the year of `Nov 26 12:00:01`.
 * @param reference the latest year is chosen with which a time stamp is at most a day later than this. Default: now
 * @example recordTime({ source: '', message: '2026-11-26T05:00:00Z Disk full' }) // 1795669200000
 */
export function recordTime({ time, message }: LogRecord, reference = Date.now()): number | undefined {
  return (time === undefined ? undefined : timeOfField(time, reference)) ?? timeOfMessage(message, reference);
}

function timeOfField(field: string, reference: number): number | undefined {
  const text = field.slice(0, 2 * MAX_FIELD_CHARS).trim();
  if (text === '' || text.length > MAX_FIELD_CHARS) return undefined;
  const epoch = epochField.exec(text);
  if (epoch) return epochMs(epoch[1] ?? epoch[3] ?? '', epoch[2]);
  const first = text.charCodeAt(0);
  const isBracketed = first === bracket || first === quote;
  return timeAt(text, isBracketed ? 1 : 0, reference) ?? timeOfDate(text);
}

function timeOfMessage(message: string, reference: number): number | undefined {
  return timeOfStart(message, reference) ?? timeInBrackets(message, reference);
}

/** Looks at single characters first, because most messages begin with a word. */
function timeOfStart(message: string, reference: number): number | undefined {
  let at = 0;
  const first = message.charCodeAt(0);
  if (first === less) {
    priority.lastIndex = 0;
    if (!priority.test(message)) return undefined;
    at = priority.lastIndex;
  }
  if (isLetter(first) || first === bracket) {
    level.lastIndex = 0;
    if (level.test(message)) at = level.lastIndex;
    else if (first === bracket) at = 1;
  } else if (first === parenthesis) at = 1;
  else if (first === 0) while (at < MAX_HEAD_CHARS && message.charCodeAt(at) === 0) at += 1;
  return timeAt(message, at, reference) ?? epochAt(message, at);
}

function epochAt(message: string, at: number): number | undefined {
  if (message[at] !== '1') return undefined;
  epochHead.lastIndex = at;
  const epoch = epochHead.exec(message);
  return epoch ? epochMs((epoch[1] ?? '') + (epoch[3] ?? ''), epoch[2]) : undefined;
}

/** @param digits 9 or 10 digits are seconds, up to 13 milliseconds, up to 16 microseconds, up to 19 nanoseconds */
function epochMs(digits: string, fraction: string | undefined): number {
  const { length } = digits;
  if (length <= 10) return Number(digits) * 1000 + Number((fraction ?? '.').slice(1, 4).padEnd(3, '0'));
  return Math.floor(Number(digits) / 10 ** (length <= 13 ? 0 : length <= 16 ? 3 : 6));
}

/** Finds `[26/Nov/2026:05:00:00 +0000]`. */
function timeInBrackets(message: string, reference: number): number | undefined {
  const head = message.length > MAX_HEAD_CHARS ? message.slice(0, MAX_HEAD_CHARS) : message;
  for (let at = head.indexOf('['); at !== -1; at = head.indexOf('[', at + 1)) {
    if (head[at + 3] !== '/' || head[at + 7] !== '/') continue;
    // The rest of the time stamp may lie behind the head.
    const time = timeAt(message, at + 1, reference);
    if (time !== undefined) return time;
  }
  return undefined;
}

const bracket = 0x5b;
const parenthesis = 0x28;
const quote = 0x22;
const less = 0x3c;

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
