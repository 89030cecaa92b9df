import { expect, it } from 'vitest';
import { statedLevel } from '../../../src/formats/lines/stated-level.js';

it.each([
  ['2026-11-26 05:00:00,123 ERROR [main] c.a.Pay - Card refused', 'ERROR'],
  ['2026-11-26 05:00:00.123  INFO 71 --- [nio-1] c.a.Pay : Started', 'INFO'],
  ['2026-11-26 05:00:00,123 - billing.pay - WARNING - Slow', 'WARNING'],
  ['[2026-11-26 05:00:00] production.ERROR: Card refused', 'ERROR'],
  ['05:00:00.123 [main] DEBUG c.a.Pay - Try', 'DEBUG'],
  ['2026/11/26 05:00:00 [error] 12#0: *1 open() failed', 'error'],
  ['[Thu Nov 26 05:00:00.123 2026] [core:warn] [pid 1] slow', 'warn'],
  ['ERROR:root:Card refused', 'ERROR'],
  ['[ERROR] Card refused', 'ERROR'],
  ['warn: Microsoft.Hosting[0]', 'warn'],
  ['error: could not compile', 'error'],
  ['time="2026-11-26T05:00:00Z" level=warning msg="slow"', 'warning'],
  ['{"level":"error","msg":"slow"}', 'error'],
  ['2026-11-26T05:00:00.123Z\terror\tmain.go:12\tslow', 'error'],
  ['2026-11-26T05:00:00.123456Z 0 [Warning] [MY-01] [Server] slow', 'Warning'],
  ['2026-11-26 05:00:00.1234|FATAL|Pay|refused', 'FATAL'],
  ['[05:00:00 WRN] Slow', 'WRN'],
  ['2026-11-26 05:00:00 UTC [71] ERROR:  relation is missing', 'ERROR'],
  ['E1126 05:00:00.123456       1 pay.go:12] refused', 'E'],
  ['W, [2026-11-26T05:00:00.123456 #71]  WARN -- : slow', 'WARN'],
  ['11-26 05:00:00.123  1234  1240 E ActivityManager: ANR', 'E'],
  ['26-Nov-2026 05:00:00.123 SEVERE [main] o.a.Catalina Failed', 'SEVERE'],
  ['26/11/26 05:00:00 WARN TaskSetManager: Lost task', 'WARN'],
])('is found in %j', (line, level) => {
  expect(statedLevel(line)).toBe(level);
});

it.each([
  ['Connection closed with error'],
  ['2026-11-26 05:00:00 received ERROR from peer'],
  ['2026-11-26 05:00:00 Config file was read'],
  ['Information about the error: none'],
  ['FINE weather'],
  ['Sea level: 3 m'],
  ['water_level=high'],
  ['10.0.0.1 - - [26/Nov/2026:05:00:00 +0000] "GET /error HTTP/1.1" 500'],
  [''],
  ['[unclosed'],
])('is not guessed in %j', (line) => {
  expect(statedLevel(line)).toBeUndefined();
});

it('is read behind a syslog prefix', () => {
  const prefix = 'Nov 26 05:00:00 web01 pay[1]: ';
  expect(statedLevel(`${prefix}ERROR refused`, prefix.length)).toBe('ERROR');
});

it.each(['[', '(', '- ', '[a]', '1:', '2026-11-26 05:00:00 ', 'A.', 'level='])(
  'takes linear time for a line of %j',
  (part) => {
    const line = part.repeat(200).slice(0, 200);
    const start = performance.now();
    for (let i = 0; i < 100; i += 1) statedLevel(line);
    expect(performance.now() - start).toBeLessThan(100);
  },
);
