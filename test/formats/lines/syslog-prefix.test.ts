import { expect, it } from 'vitest';
import { readSyslogPrefix } from '../../../src/formats/lines/syslog-prefix.js';

it.each([
  ['RFC 3164', 'Nov 26 05:00:00 web01 sshd[812]: Accepted key', 'sshd', undefined],
  ['RFC 3164, one digit of the day', 'Nov  6 05:00:00 web01 CRON[8]: (root) CMD', 'CRON', undefined],
  ['RFC 3164 without a process', 'Nov 26 05:00:00 web01 kernel: [1.2] usb', 'kernel', undefined],
  ['a path as program', 'Nov 26 05:00:00 mx postfix/smtpd[7]: connect', 'postfix/smtpd', undefined],
  ['systemd', 'Nov 26 05:00:00 web01 systemd[1]: Started x.', 'systemd', undefined],
  ['RFC 3164 with priority', '<34>Nov 26 05:00:00 web01 su: failed', 'su', 'crit'],
  ['priority without a host', '<13>Nov 26 05:00:00 backup[9]: done', 'backup', 'notice'],
  ['priority and program', '<30>dockerd[9]: started', 'dockerd', 'info'],
  ['priority only', '<3>disk failed', undefined, 'err'],
  ['RFC 5424', '<165>1 2026-11-26T05:00:00.003Z web01 billing 8710 ID47 - Paid', 'billing', 'notice'],
  ['RFC 5424 without a program', '<11>1 2026-11-26T05:00:00Z web01 - - - - Paid', undefined, 'err'],
  ['rsyslog with an ISO time', '2026-11-26T05:00:00.123456+00:00 web01 cron[7]: run', 'cron', undefined],
  ['journalctl short-iso', '2026-11-26T05:00:00+0000 web01 dbus-daemon[7]: run', 'dbus-daemon', undefined],
  ['journalctl short-full', 'Thu 2026-11-26 05:00:00 UTC web01 sudo[7]: pam', 'sudo', undefined],
  ['macOS', 'Nov 26 05:00:00 mac com.apple.xpc.launchd[1] (com.x): exit', 'com.apple.xpc.launchd', undefined],
])('reads program and severity: %s', (_, line, program, severity) => {
  const prefix = readSyslogPrefix(line);
  expect(prefix?.program).toBe(program);
  expect(prefix?.severity).toBe(severity);
});

it.each([
  ['Nov 26 05:00:00 INFO main: started'],
  ['2026-11-26T05:00:00Z worker listening: port 80'],
  ['2026-11-26 05:00:00 web01 cron[7]: run'],
  ['Nov 26 05:00:00 web01 last message repeated 3 times'],
  ['<192>Nov 26 05:00:00 web01 su: failed'],
  ['<div>error: text</div>'],
  ['Service web01 failed: timeout'],
  [''],
])('takes no program from %j', (line) => {
  expect(readSyslogPrefix(line)).toBeUndefined();
});

it('ends where the text of the message begins', () => {
  const line = '<34>Nov 26 05:00:00 web01 su[1]: failed';
  expect(line.slice(readSyslogPrefix(line)?.length)).toBe('failed');
});
