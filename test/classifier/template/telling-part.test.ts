import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tellingPart } from '../../../src/classifier/template/telling-part.js';
import { propertyRuns } from '../../support/property-runs.js';

const text = 'Disk sda1 is full';
const time = '2026-11-26T05:00:00.123Z';
const json = JSON.stringify;

const wrappers: [name: string, message: string][] = [
  ['syslog', `Nov 26 05:00:00 web1 app[812]: ${text}`],
  ['syslog with a priority', `<13>Nov 26 05:00:00 web1 app[812]: ${text}`],
  ['syslog of RFC 5424', `<165>1 ${time} web1.example.org app 812 ID47 - ${text}`],
  ['syslog of RFC 5424 with data', `<165>1 ${time} web1 app - - [ex@32473 iut="3" src="a b"] ${text}`],
  ['rsyslog', `2026-11-26T05:00:00.123456+00:00 web1 app[812]: ${text}`],
  ['containerd', `2026-11-26T05:00:00.123456789Z stderr F ${text}`],
  ['Docker', json({ log: `${text}\n`, stream: 'stderr', time })],
  ['klog', `E1126 05:00:00.123456       1 server.go:123] ${text}`],
  ['Log4j', `2026-11-26 05:00:00,123 ERROR [main] com.example.App - ${text}`],
  ['Logback', `2026-11-26 05:00:00,123 [http-nio-8080-exec-1] ERROR c.e.app.Service - ${text}`],
  ['Spring', `2026-11-26 05:00:00.123 ERROR 12 --- [           main] c.e.demo.App   : ${text}`],
  ['Python', `2026-11-26 05:00:00,123 - app.module - ERROR - ${text}`],
  ['Python without a format', `ERROR:root:${text}`],
  ['a level in brackets', `[ERROR] ${text}`],
  ['nginx', `2026/11/26 05:00:00 [error] 123#123: *4 ${text}`],
  ['Apache', `[Thu Nov 26 05:00:00.123456 2026] [core:error] [pid 123:tid 456] ${text}`],
  ['Ruby', `E, [2026-11-26T05:00:00.123456 #12] ERROR -- : ${text}`],
  ['the kernel', `[    4.771234] ${text}`],
  ['colours', `\u001b[90m${time}\u001b[0m \u001b[31mERROR\u001b[0m ${text}`],
  ['pino', json({ level: 50, time: 1764133200123, pid: 12, hostname: 'web1', msg: text })],
  ['Winston', json({ level: 'error', message: text, timestamp: time, service: 'app' })],
  ['zap', json({ level: 'error', ts: 1764133200.1, caller: 'app/main.go:12', msg: text })],
  ['Serilog', json({ '@t': time, '@mt': text, '@l': 'Error' })],
  ['ECS', json({ '@timestamp': time, log: { level: 'error' }, message: text, ecs: { version: '8.0' } })],
  ['GELF', json({ version: '1.1', host: 'web1', short_message: text, timestamp: 1.5, level: 3, _app: 'x' })],
  ['OpenTelemetry', json({ timeUnixNano: '17', severityText: 'ERROR', body: { stringValue: text } })],
  ['journald', json({ __CURSOR: 's=1', _HOSTNAME: 'web1', PRIORITY: '3', MESSAGE: text })],
  ['logfmt', `time=${time} level=error msg="${text}"`],
  ['pino in containerd', `2026-11-26T05:00:00.123456789Z stdout F ${json({ level: 30, msg: text })}`],
  ['pino in Docker', json({ log: `${json({ level: 30, msg: text })}\n`, stream: 'stdout', time })],
  ['3 kB of context', json({ dump: { a: 'error warn '.repeat(300) }, msg: text })],
  ['a list and null before it', json({ a: null, b: [1, [2, { c: 3 }]].slice(2), msg: text })],
];

describe('tellingPart', () => {
  it.each(wrappers)('finds the text in the wrapping of %s', (_, message) => {
    expect(tellingPart(message)).toEqual({ text, message: text });
  });

  it.each([
    'Disk sda1 is full',
    'retrying with timeout=30',
    'a=1 b=2 c=3',
    'ERROR connecting to the database',
    'Error: cannot open file',
    'User 4711 logged in',
    '[recidive] Found 192.0.2.7',
    '{lvl:D} exclusion mode stopped',
    '2026-11-26 05:00:00',
    '{}',
    '',
  ])('leaves a message that tells all itself as it is: %j', (message) => {
    expect(tellingPart(message)).toBeUndefined();
  });

  it.each([
    [
      'an error beside the message',
      { err: { message: 'refused', stack: 'x' }, msg: 'No answer' },
      'No answer error refused error x',
    ],
    [
      'a request beside the message',
      { msg: 'done', res: { statusCode: 500 }, req: { url: '/a', method: 'GET' } },
      'done method GET path /a status 500',
    ],
    [
      'an action and a verdict before other fields',
      { account: 'dev', verdict: 'deny', action: 'DeleteKey', msg: 'api call' },
      'api call verdict deny action DeleteKey account dev',
    ],
    ['a request alone', { ts: 1, status: 404, path: '/a', method: 'GET' }, 'method GET path /a status 404'],
    [
      'an event and a reason',
      { step: 2, reason: 'sold out', event: 'order.failed' },
      'order.failed reason sold out step 2',
    ],
    ['an error alone', { error: 'refused', port: 80 }, 'error refused port 80'],
    [
      'no identifier',
      { msg: 'done', digest: '4bf92f3577b34da6', image: '0c9e2b44-1f6a-4d5c-8a90-5be1c2d3f4a5', step: 2 },
      'done step 2',
    ],
    ['an error that is false', { error: false, msg: 'done' }, 'done'],
  ])('puts %s in a fixed order', (_, object, expected) => {
    expect(tellingPart(json(object))?.text).toBe(expected);
  });

  it('reads what there is of an object that is cut off', () => {
    const whole = json({ level: 50, msg: text, err: { message: 'no space left' } });
    expect(tellingPart(whole.slice(0, 36))?.message).toBe(text);
    for (let end = 0; end <= whole.length; end += 1)
      expect(() => tellingPart(whole.slice(0, end))).not.toThrow();
  });

  it('returns no message for an object that only has fields', () => {
    expect(tellingPart('{"queue":"mail","depth":7}')).toEqual({
      text: 'depth 7 queue mail',
      message: undefined,
    });
  });

  it('tells the same whatever the order of the fields', () => {
    const object = {
      msg: text,
      err: { code: 5, message: 'no' },
      user: 'jo',
      url: '/a',
      level: 'info',
      a: { b: 1 },
    };
    const expected = tellingPart(json(object))?.text;
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.entries(object), { minLength: 6 }), (entries) => {
        expect(tellingPart(json(Object.fromEntries(entries)))?.text).toBe(expected);
      }),
      { numRuns: propertyRuns(100) },
    );
  });

  it('finds any message, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), (message, object) => {
        tellingPart(message);
        tellingPart(object);
        tellingPart(`{"a":${object.slice(0, 20)}`);
      }),
      { numRuns: propertyRuns(500) },
    );
  });

  it.each([
    '{"a":',
    '{"a":{',
    '[',
    '{"a":[',
    '\\',
    'a=',
    'a="',
    '[a] ',
    '\u001b[',
    '{"a":"{',
    'a.',
    'a=1 ',
    '<1>',
    '"',
  ])('takes linear time for a hostile message of %j', (piece) => {
    const hostile = piece.repeat(50_000);
    const start = performance.now();
    tellingPart(hostile);
    tellingPart(`{"msg":${JSON.stringify(hostile)}}`);
    tellingPart(`{${hostile}`);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
