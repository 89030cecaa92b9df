import { timestampLength } from './timestamp.js';

/** Words that are a level wherever a level may stand, in capitals. */
const certain = new Set(
  'TRACE DEBUG INFO NOTICE WARN WARNING ERROR ERR CRITICAL CRIT FATAL SEVERE EMERG EMERGENCY'.split(' '),
);
/** Words and abbreviations that are a level only in front of a colon or in brackets, in lower or mixed case too. */
const levels = new Set([
  ...certain,
  ...'ALERT PANIC CONFIG FINE FINER FINEST VERBOSE NOTE INFORMATION FAIL DBUG TRCE VRB DBG INF WRN FTL'.split(
    ' ',
  ),
]);
/** The same words in all capitals, in lower case, and with one capital. */
const anyCase = new Set(
  [...levels].flatMap((word) => [word, word.toLowerCase(), `${word[0] ?? ''}${word.slice(1).toLowerCase()}`]),
);

const klog = /^([IWEF])(?:\d{4})?\d{4} \d\d:\d\d:\d\d/;
const ruby = /^[DIWEFA], \[[^\]]{10,60}\] {1,2}([A-Z]{3,7}) --/;
const android = /^\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} +\d{1,8} +\d{1,8} ([VDIWEF]) /;
/** `- name - ERROR` (Python), `name.ERROR` (Monolog), `|name|ERROR`. */
const afterName = /^[\w./-]{1,80}(?:\s[|-]\s|\.|\|)([A-Z]{3,9})(?=[\s:\]|,-]|$)/;
const keyed = /(?:^|[\s,{"])(?:log\.?)?(?:level|lvl|severity)"?\s?[=:]\s?"?([a-z]{3,11})(?![\w-])/i;

/**
 * Returns the level of a line as it is written, if it stands in a usual place: behind the time stamp, at the start of the
 * line, or as `level=warn`. A level word anywhere else is part of the message.
 * @param start the first characters of a line, PREFIX_CHARS or fewer
 * @param from where the text begins after a syslog prefix
 * @example statedLevel('2026-11-26 05:00:00,123 ERROR [main] Disk full') // 'ERROR'
 */
export function statedLevel(start: string, from = 0): string | undefined {
  const text = from === 0 ? start : start.slice(from);
  const at = timestampLength(text);
  return (at > 0 ? specialLevel(text) : undefined) ?? levelInHead(text, at) ?? keyedLevel(text);
}

/** The forms whose level is a letter or stands before the time stamp ends. */
function specialLevel(text: string): string | undefined {
  const first = text.charCodeAt(0);
  if (isLetter(first)) return (klog.exec(text) ?? ruby.exec(text))?.[1];
  return text[2] === '-' ? android.exec(text)?.[1] : undefined;
}

/**
 * Walks over the fields between the time stamp and the message: numbers, separators, and text in brackets. Returns the
 * level among them.
 */
function levelInHead(text: string, from: number): string | undefined {
  for (let at = from; at < text.length;) {
    const code = text.charCodeAt(at);
    if (isLetter(code)) return levelWord(text, at, from);
    const close = closingOf(code);
    if (close !== undefined) {
      const end = text.indexOf(close, at);
      if (end === -1) return undefined;
      const level = bracketedLevel(text.slice(at + 1, end));
      if (level !== undefined) return level;
      at = end + 1;
    } else if (isSeparator(code)) at += 1;
    else return undefined;
  }
  return undefined;
}

function levelWord(text: string, at: number, from: number): string | undefined {
  let end = at + 1;
  while (isLetter(text.charCodeAt(end))) end += 1;
  // A letter behind a digit belongs to an identifier, except for the T of a time stamp, which has been read.
  const before = text.charCodeAt(at - 1);
  if (at > from && before >= 0x30 && before <= 0x39) return undefined;
  const word = text.slice(at, end);
  const next = text[end];
  if (certain.has(word) && (next === undefined || /[\s:\]|,)/-]/.test(next))) return word;
  const isMarked =
    (next === ':' && isBlankOrEnd(text, end + 1)) || next === ']' || (next === '\t' && from > 0);
  if (isMarked && anyCase.has(word)) return word;
  if (from === 0) return undefined;
  if (word === 'UTC' || word === 'GMT') return levelInHead(text, end);
  const named = afterName.exec(text.slice(at))?.[1];
  return named !== undefined && certain.has(named) ? named : undefined;
}

/** Returns the level of a field in brackets: `error`, or Apache's `core:error`. */
function bracketedLevel(field: string): string | undefined {
  if (field.length > 40) return undefined;
  const word = field.slice(field.lastIndexOf(':') + 1).trim();
  return anyCase.has(word) ? word : undefined;
}

function keyedLevel(text: string): string | undefined {
  if (!text.includes('evel') && !text.includes('everity') && !text.includes('lvl')) return undefined;
  const word = keyed.exec(text)?.[1];
  return word !== undefined && anyCase.has(word) ? word : undefined;
}

function closingOf(code: number): string | undefined {
  switch (code) {
    case 0x5b:
      return ']';
    case 0x28:
      return ')';
    case 0x3c:
      return '>';
    default:
      return undefined;
  }
}

/** Blanks, digits and the characters `| : # , . * - ] )`. */
function isSeparator(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || code === 0x09;
  if (code >= 0x30 && code <= 0x3a) return true;
  return code === 0x7c || code === 0x5d || code === 0x23 || (code >= 0x29 && code <= 0x2e && code !== 0x2b);
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function isBlankOrEnd(text: string, at: number): boolean {
  return at === text.length || text[at] === ' ' || text[at] === '\t';
}
