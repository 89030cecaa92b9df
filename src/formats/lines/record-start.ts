import { PREFIX_CHARS, timestampLength } from './timestamp.js';

const priority = /^<(?:\d{1,2}|1[0-8]\d|19[01])>/;
const levelWord =
  /^\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|CRIT|FATAL|SEVERE|EMERG)(?=[\s:\]|,-]|$)|^(?:trce|dbug|info|warn|fail|crit): [\w.]{1,150}\[\d{1,9}\]$/;
/** A level that a logger aligns to the right: in 5, 7 or 8 characters. */
const alignedLevel = /^ +(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL)(?=[\s:\]|,-]|$)/;

/**
 * Returns whether a line begins as only a new record does: with a time stamp that has a time of day, a syslog priority
 * or a level in capitals. Many records begin with none of these.
 */
export function startsRecord(line: string): boolean {
  const start = line.slice(0, PREFIX_CHARS);
  return startsWithTime(start) || levelWord.test(start);
}

/**
 * Returns whether an indented line is a new record all the same: it has a time stamp or a syslog priority of its own,
 * or its indentation aligns a level.
 */
export function startsIndentedRecord(line: string): boolean {
  const start = line.slice(0, PREFIX_CHARS);
  const aligned = alignedLevel.exec(start)?.[0].length;
  return aligned === 5 || aligned === 7 || aligned === 8 || startsWithTime(start.trimStart());
}

function startsWithTime(start: string): boolean {
  return priority.test(start) || timestampLength(start) > 0;
}
