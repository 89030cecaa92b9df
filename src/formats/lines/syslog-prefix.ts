import { timestampLength } from './timestamp.js';

/** What the prefix of a syslog line says. */
export interface SyslogPrefix {
  /** The program that wrote the line, as written; missing if the prefix names none. */
  program?: string;
  /** The name of the severity that the priority states; missing if there is no priority. */
  severity?: string;
  /** The length of the prefix. The text of the message follows. */
  length: number;
}

/** The names of the severities (RFC 5424, section 6.2.1), as syslog configurations write them. */
const severities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;

const priority = /^<(\d{1,3})>/;
/** `1 TIMESTAMP HOST PROGRAM PROCESS MESSAGE-ID ` of RFC 5424. A hyphen stands for a missing value. */
const rfc5424 = /^1 (?:-|\d{4}-\d\d-\d\dT\S{5,40}) \S{1,255} (\S{1,48}) \S{1,128} \S{1,32} ?/;
const rfc3164Time = /^[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,6})? /;
/** The time stamps of rsyslog and journalctl. The numeric zone tells them from those of applications. */
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,6})?[+-]\d\d:?\d\d /;
const isoTimeAnyZone = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,6})?(?:Z|[+-]\d\d:?\d\d) /;
/** The form `short-full` of journalctl. */
const fullTime = /^[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [A-Z]{2,5} /;
const host = /^([\w.:-]{1,255}) +/;
const program = /^(\(?[\w][\w./@+\\-]{0,80}\)?)(?:\[[\w.:-]{1,40}\](?=:| \()|:(?= |$)):? ?/;
const levelWord = /^(?:trace|debug|info|notice|warn|warning|error|err|crit|critical|fatal|alert|emerg)$/i;

/**
 * Reads the syslog prefix of a line: RFC 3164 with and without priority, RFC 5424, the short formats of journalctl, and
 * rsyslog's lines with an ISO time stamp.
 * @param start the first characters of a line, PREFIX_CHARS or fewer
 * @returns undefined if the line does not begin with a priority, nor with a time stamp and a program
 */
export function readSyslogPrefix(start: string): SyslogPrefix | undefined {
  return start.charCodeAt(0) === 0x3c ? afterPriority(start) : withoutPriority(start);
}

function afterPriority(start: string): SyslogPrefix | undefined {
  const match = priority.exec(start);
  const value = Number(match?.[1]);
  if (!match || value > 191) return undefined;
  const severity = severities[value & 7] ?? 'debug';
  const at = match[0].length;
  const rest = start.slice(at);
  const modern = rfc5424.exec(rest);
  if (modern) return { severity, length: at + modern[0].length, ...named(modern[1]) };
  const time = rfc3164Time.exec(rest) ?? isoTimeAnyZone.exec(rest);
  const tag = readTag(rest, time?.[0].length ?? 0, true);
  const length = at + (tag?.length ?? time?.[0].length ?? timestampLength(rest));
  return { severity, length, ...named(tag?.program) };
}

function withoutPriority(start: string): SyslogPrefix | undefined {
  const time = timeWithoutPriority(start);
  return time ? readTag(start, time[0].length, false) : undefined;
}

/** Looks at single characters first, because most lines are no syslog lines. */
function timeWithoutPriority(start: string): RegExpExecArray | null {
  if (start[10] === 'T') return isoTime.exec(start);
  if (start[3] !== ' ') return null;
  return rfc3164Time.exec(start) ?? fullTime.exec(start);
}

/**
 * Reads `HOST PROGRAM[PROCESS]: ` at a position.
 * @param hostMayBeMissing whether the program may follow at once, as in lines that a program sends to the local syslog
 */
function readTag(
  start: string,
  at: number,
  hostMayBeMissing: boolean,
): { program: string; length: number } | undefined {
  if (hostMayBeMissing) {
    const local = program.exec(start.slice(at));
    if (local?.[1] !== undefined && !levelWord.test(local[1]))
      return { program: local[1], length: at + local[0].length };
  }
  const machine = host.exec(start.slice(at));
  if (machine?.[1] === undefined || levelWord.test(machine[1])) return undefined;
  const after = at + machine[0].length;
  const tag = program.exec(start.slice(after));
  if (tag?.[1] === undefined || levelWord.test(tag[1])) return undefined;
  return { program: tag[1], length: after + tag[0].length };
}

function named(name: string | undefined): { program?: string } {
  return name === undefined || name === '-' ? {} : { program: name };
}
