import type { LogRecord } from '../../log-record.js';
import type { AssembledRecord } from './record-assembler.js';
import { statedLevel } from './stated-level.js';
import { readSyslogPrefix } from './syslog-prefix.js';
import { PREFIX_CHARS } from './timestamp.js';

/**
 * Returns the record of assembled lines. The message is complete; the prefix stays part of it.
 * @param source the source of all records, if it is fixed
 * @param fileSource the source of a record whose prefix names no program
 */
export function recordFromLines(
  { message, firstLine, textLine }: AssembledRecord,
  source: string | undefined,
  fileSource: string,
): LogRecord {
  const start = recognisable(firstLine);
  const prefix = readSyslogPrefix(start);
  const level =
    prefix?.severity ??
    (textLine === undefined ? undefined : statedLevel(recognisable(textLine))) ??
    statedLevel(start, prefix?.length);
  const origin = source ?? prefix?.program ?? fileSource;
  return level === undefined ? { source: origin, message } : { source: origin, message, level };
}

/** Returns the start of a line, without the NULs that log rotation by copytruncate leaves in front of it. */
function recognisable(line: string): string {
  let at = 0;
  while (line.charCodeAt(at) === 0) at += 1;
  return at === 0 && line.length <= PREFIX_CHARS ? line : line.slice(at, at + PREFIX_CHARS);
}
