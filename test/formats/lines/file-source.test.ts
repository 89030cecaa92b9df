import { expect, it } from 'vitest';
import { sourceOfFile } from '../../../src/formats/lines/file-source.js';

it.each([
  ['app.log', 'app'],
  ['/var/log/nginx/error.log.2.gz', 'error'],
  ['C:\\logs\\billing.txt', 'billing'],
  ['app.log.1', 'app'],
  ['messages-20261126', 'messages'],
  ['app.2026-11-26.0.log.gz', 'app'],
  ['catalina.out', 'catalina'],
  ['postgresql.csv', 'postgresql'],
  ['audit.NDJSON.gz', 'audit'],
  ['syslog', 'syslog'],
  ['my.service.v2.log', 'my.service.v2'],
  ['.log', ''],
  ['', ''],
  [undefined, ''],
  ['a\u202Eb.log', 'ab'],
  [`${'x'.repeat(10_000)}.log`, 'x'.repeat(150)],
])('of %j is %j', (fileName, source) => {
  expect(sourceOfFile(fileName)).toBe(source);
});
