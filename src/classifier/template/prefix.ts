/** Only this many characters at the start of a message are searched for a prefix. It bounds the time for hostile lines. */
const MAX_PREFIX_CHARS = 400;

/** A prefix has at most this many fields behind its time stamp. */
const MAX_FIELDS = 8;

const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = String.raw`\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?!\d|:\d)`;
const ZONE = String.raw`(?: ?(?:Z\b|[+-]\d\d:?\d\d(?!\d)|(?:UTC|GMT|CES?T|[ECMP][SD]T)\b))?`;
const LEVEL =
  '(?:TRACE|DEBUG|INFO|INFORMATION|NOTICE|WARN|WARNING|ERROR|ERR|CRITICAL|CRIT|FATAL|SEVERE|ALERT|EMERG|EMERGENCY|VERBOSE|FINE|FINER|FINEST|CONFIG|DBG|INF|WRN|FTL)';
const LEVEL_ANY_CASE = `(?:${LEVEL}|${LEVEL.slice(3, -1).toLowerCase()}|Trace|Debug|Info|Information|Notice|Warn|Warning|Error|Critical|Fatal|Alert|Verbose)`;
/** The name of a logger, as of a class of Java or a module of Python. */
const DOTTED = String.raw`[a-z][\w$-]{0,80}(?:(?:\.|::)[\w$-]{1,80}){1,12}`;

/** Time stamps that begin with a digit. */
const digitTime = sticky(
  String.raw`(?:\d{4}[-/.]\d\d[-/.]\d\d(?:T|[ _,-] ?)${CLOCK}${ZONE}|\d{1,2}[-/ ]${MONTH}[-/ ]\d{4}[: ]${CLOCK}${ZONE}|\d{1,2}[./-]\d{1,2}[./-]\d{2}(?:\d{2})?,? ${CLOCK}(?: [AP]M\b)?${ZONE}|\d\d-\d\d ${CLOCK}|(?:20)?\d{6} \d{6}(?= )|${CLOCK}${ZONE})`,
);
/** Time stamps that begin with the name of a month or of a day. */
const namedTime = sticky(
  String.raw`(?:${MONTH} [ \d]?\d,?(?: \d{4})? ${CLOCK}(?: [AP]M\b)?|[A-Z][a-z]{2},? (?:${MONTH} [ \d]?\d ${CLOCK}${ZONE}(?: \d{4})?|\d{4}-\d\d-\d\d ${CLOCK}${ZONE}))`,
);
/** klog and glog: `E1126 05:00:00.123456   12 file.go:34] `. */
const klog = sticky(String.raw`[IWEF](?:20\d\d)?\d{4} ${CLOCK} {1,8}\d{1,10} [^\s:\]]{1,100}:\d{1,6}\] ?`);
/** Ruby: `E, [2026-11-26T05:00:00.123456 #12] ERROR -- : `. */
const ruby = sticky(String.raw`[DIWEFA], \[[^\]]{10,60}\] {1,2}[A-Z]{3,7} -- [^:\s]{0,60}: ?`);
/** The kernel's time since it started. */
const kernelTime = sticky(String.raw`\[ {0,10}\d{1,10}\.\d{1,6}\] ?`);

const priority = sticky(String.raw`<\d{1,3}>(?:1 (?=-|\d{4}-))?`);
/** `HOST PROGRAM PROCESS MESSAGE-ID DATA ` of RFC 5424, behind the time stamp. */
const rfc5424 = sticky(
  String.raw` \S{1,255} \S{1,48} \S{1,128} \S{1,32} (?:-|\[(?:[^\]"\\]|\\.|"(?:[^"\\]|\\.){0,200}"){0,200}\])(?: \uFEFF?|$)`,
);
/** `HOST PROGRAM[PROCESS]: ` of syslog. The host may be missing if a process number shows what the name is. */
const syslogTag = sticky(
  String.raw` (?!${LEVEL_ANY_CASE}\b)(?:[\w.:-]{1,255} {1,4})?(?!${LEVEL_ANY_CASE}\b)\(?[A-Za-z_][\w./@+-]{0,80}\)?(?:\[[\w.:-]{1,40}\]:?|:)(?: |$)`,
);
/** The form of an ISO time stamp in syslog files and in containers: a zone, no blank. */
const isoZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;
const container = sticky(String.raw` std(?:out|err) [FP](?: |$)`);

/** What may stand between time stamp and text, besides separators. */
const level = sticky(String.raw`(?:${LEVEL}(?=[\s:,|\]/)-]|$)|${LEVEL_ANY_CASE}(?=:(?: |$)))`);
const bracketed = sticky(
  String.raw`(?:\[(?: {0,6}(?:[\w-]{1,30}:)?${LEVEL_ANY_CASE} {0,6}|pid \d{1,10}(?::tid \d{1,20})?|client [\w.:]{1,60}|tid \d{1,20}| {0,20}main|\d{1,20}| {0,20}[\w.:#-]{1,60}-\d{1,8})\]|\[[^\]]{0,80}\](?=(?: {1,4}\[[^\]]{0,80}\])? {1,4}(?:${LEVEL}\b|\[ {0,6}${LEVEL}\b|${DOTTED} {0,40}(?:- |: )|[A-Za-z_][\w$.-]{0,80} {1,20}- )))`,
);
const levelInBrackets = new RegExp(String.raw`^\[ {0,6}(?:[\w-]{1,30}:)?${LEVEL_ANY_CASE} {0,6}\]$`);
const inParentheses = sticky(
  String.raw`\((?:[\w#-]{0,40}(?:Thread|-\d{1,8})[\w#-]{0,10}|main|${LEVEL_ANY_CASE})\)(?= |:)`,
);
/** A process number in front of a level, a source file or Spring's `---`; nginx's `12#12: *3`; Android's `12 34 E Tag:`. */
const processNumber = sticky(
  String.raw`(?:\d{1,10}#\d{1,10}:(?: \*\d{1,20})?|\d{1,10}(?= {1,4}(?:${LEVEL}\b|--- ))|\d{1,8} {1,6}\d{1,8} [VDIWEF] [\w./-]{1,60} {0,20}(?=:))`,
);
/** `file.go:12:`, `{taskinstance.py:96}`. */
const sourceFile = sticky(String.raw`(?:\{[\w./-]{1,60}:\d{1,6}\}|[\w./-]{1,80}\.[a-z]{1,4}:\d{1,6}(?=:? ))`);
/** The name of a logger: dotted in front of a colon, any name in front of ` - `. */
const logger = sticky(
  String.raw`(?:[a-z][\w$-]{0,80}(?:(?:\.|::)[\w$-]{1,80}){1,12}(?= {0,40}:[ \t]| {0,40}- |\t)|[\w$.-]{1,80}(?= {0,40} - ))(?: {0,40}(?=[:-]))?`,
);
/** Python's `- name - LEVEL -`. */
const nameBeforeLevel = sticky(String.raw`[A-Za-z_][\w.-]{0,80}(?= - ${LEVEL}\b)`);
const separator = sticky(String.raw`(?: {1,40}|-{3} |- |\| |: |:(?=\[)|\t|, )+`);

/** Python's `LEVEL:name:`, and a level in brackets, without a time stamp. */
const bareHead = sticky(
  String.raw`(?:${LEVEL}:[\w.-]{1,60}:(?=\S)|\[ ?${LEVEL_ANY_CASE} {0,6}\]:? {1,6}|${LEVEL} {1,2}(?=\[[^\]\s]{1,60}\] \S{1,100} - ))`,
);

function sticky(pattern: string): RegExp {
  return new RegExp(pattern, 'y');
}

/** Returns the end of the pattern's match at an index; the index itself if it does not match. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/**
 * Returns the length of the prefix that a logger, syslog or a container runtime puts in front of a message: priority, time
 * stamp, host, program, process, thread, level and logger. 0 if there is none, or nothing behind it.
 *
 * The prefix says when and where, not what happened. The same message must have the same template whoever transports it.
 * @example prefixLength('2026-11-26 05:00:00,123 ERROR [main] c.a.Disk - Disk full') // 52
 */
export function prefixLength(message: string): number {
  if (!mayHavePrefix(message)) return 0;
  const head = message.length > MAX_PREFIX_CHARS ? message.slice(0, MAX_PREFIX_CHARS) : message;
  const length = lengthIn(head);
  return length > 0 && /\S/.test(head.slice(length)) ? length : 0;
}

/** Looks at single characters, because most lines have no prefix. */
export function mayHavePrefix(text: string): boolean {
  const first = text.charCodeAt(0);
  if (isDigit(first)) return isDigit(text.charCodeAt(1)) || text.charCodeAt(1) === 0x2f;
  if (first === 0x3c) return isDigit(text.charCodeAt(1));
  if (first === 0x5b) return true;
  if (!isUpper(first)) return false;
  const second = text.charCodeAt(1);
  // `E1126 05:`, `E, [2026`, `ERROR:name:`, `WARN  [main]`.
  if (isDigit(second)) return isDigit(text.charCodeAt(4)) && text.includes(':');
  if (second === 0x2c) return text.charCodeAt(3) === 0x5b;
  if (isUpper(second)) return levelStarts.has(first);
  // `Nov 26 05:00:00`, `Thu Nov 26`, `Thu, 26 Nov`.
  return (text.charCodeAt(3) === 0x20 || text.charCodeAt(3) === 0x2c) && isOfDate(text.charCodeAt(4));
}

const levelStarts = new Set(Array.from('TDINWECFSAV', (character) => character.charCodeAt(0)));

/** A digit, a blank or a capital. */
function isOfDate(code: number): boolean {
  return isDigit(code) || isUpper(code) || code === 0x20;
}

function lengthIn(text: string): number {
  const first = text.charCodeAt(0);
  const start = first === 0x3c ? endOf(priority, text, 0) : 0;
  if (first === 0x3c && start === 0) return 0;
  const timeEnd = timeStampEnd(text, start);
  if (timeEnd === start) {
    if (start > 0) return behindPriority(text, start);
    const bare = endOf(bareHead, text, 0);
    return bare === 0 ? 0 : fieldsEnd(text, bare, true);
  }
  // The forms of klog, Ruby and the kernel end with the blank in front of the text.
  if (text[timeEnd - 1] === ' ') return timeEnd;
  const transported = transportEnd(text, start, timeEnd);
  return transported > timeEnd ? transported : fieldsEnd(text, timeEnd, false);
}

/** Lines of programs to the local syslog have no time stamp. */
function behindPriority(text: string, start: number): number {
  if (text.startsWith('- ', start)) {
    const modern = endOf(rfc5424, text, start + 1);
    if (modern > start + 1) return modern;
  }
  const kernel = endOf(kernelTime, text, start);
  if (kernel > start) return kernel;
  // The tag's pattern begins with the blank behind a time stamp.
  const tag = endOf(syslogTag, ` ${text.slice(start)}`, 0);
  return tag === 0 ? start : start + tag - 1;
}

/** Returns the end of the time stamp, with brackets around it. */
function timeStampEnd(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === 0x5b) {
    const kernel = endOf(kernelTime, text, at);
    if (kernel > at) return kernel;
    const inner = bareTimeEnd(text, at + 1);
    return inner > at + 1 && text[inner] === ']' ? inner + 1 : at;
  }
  return bareTimeEnd(text, at);
}

function bareTimeEnd(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (isDigit(first)) return endOf(digitTime, text, at);
  if (!isUpper(first)) return at;
  const second = text.charCodeAt(at + 1);
  if (isDigit(second)) return endOf(klog, text, at);
  if (second === 0x2c) return endOf(ruby, text, at);
  return isUpper(second) ? at : endOf(namedTime, text, at);
}

/** Returns the end of what syslog or a container runtime writes behind the time stamp. */
function transportEnd(text: string, start: number, timeEnd: number): number {
  if (text.charCodeAt(timeEnd) !== 0x20) return timeEnd;
  const first = text.charCodeAt(start);
  const isIso = isDigit(first) && text[start + 10] === 'T' && isoZone.test(text.slice(start, timeEnd));
  if (isIso) {
    const stream = endOf(container, text, timeEnd);
    if (stream > timeEnd) return stream;
    if (text.startsWith('>1 ', start - 3)) {
      const modern = endOf(rfc5424, text, timeEnd);
      if (modern > timeEnd) return modern;
    }
  }
  // Applications write `Z`. A numeric zone or a priority shows that a time stamp is that of syslog.
  const isSyslog = start > 0 || isUpper(first) || (isIso && text[timeEnd - 1] !== 'Z');
  return isSyslog ? endOf(syslogTag, text, timeEnd) : timeEnd;
}

/** Returns where the text begins behind level, thread, process and logger. A second level is part of the text. */
function fieldsEnd(text: string, from: number, levelIsRead: boolean): number {
  let at = separatorEnd(text, from);
  let hasLevel = levelIsRead;
  for (let count = 0; count < MAX_FIELDS; count += 1) {
    const code = text.charCodeAt(at);
    let next = fieldEnd(text, at, code);
    if (next > at && code === 0x5b && levelInBrackets.test(text.slice(at, next))) {
      if (hasLevel) break;
      hasLevel = true;
    }
    if (next === at && !hasLevel && isLetter(code)) {
      next = endOf(level, text, at);
      hasLevel = next > at;
      if (!hasLevel) next = endOf(nameBeforeLevel, text, at);
    }
    if (next === at) break;
    at = separatorEnd(text, isColonBefore(text, next) ? next + 1 : next);
  }
  if (!hasLevel || !isLetter(text.charCodeAt(at))) return at;
  const named = endOf(logger, text, at);
  return named === at ? at : separatorEnd(text, text[named] === ':' ? named + 1 : named);
}

/** Returns the end of a field that may stand several times and in any order. Its first character tells which it may be. */
function fieldEnd(text: string, at: number, code: number): number {
  if (code === 0x5b) return endOf(bracketed, text, at);
  if (code === 0x28) return endOf(inParentheses, text, at);
  const number = isDigit(code) ? endOf(processNumber, text, at) : at;
  if (number > at) return number;
  return isLetter(code) || isDigit(code) || code === 0x7b ? endOf(sourceFile, text, at) : at;
}

/** A single blank between two fields is common, so it is tried before the pattern. */
function separatorEnd(text: string, at: number): number {
  if (text.charCodeAt(at) === 0x20) {
    const next = text.charCodeAt(at + 1);
    if (isLetter(next) || next === 0x5b) return at + 1;
  }
  return endOf(separator, text, at);
}

/** Whether a colon without a blank follows, as in `[error]:text`. */
function isColonBefore(text: string, at: number): boolean {
  return text[at] === ':' && text[at + 1] !== ' ';
}

function isLetter(code: number): boolean {
  return isUpper(code) || (code >= 0x61 && code <= 0x7a);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}
