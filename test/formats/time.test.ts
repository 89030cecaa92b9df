import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordTime } from '../../src/formats/time.js';
import { propertyRuns } from '../support/property-runs.js';

const reference = Date.UTC(2026, 10, 27);

function timeOf(message: string): string | undefined {
  return shown(recordTime({ source: '', message }, reference));
}

function timeOfField(time: string, message = ''): string | undefined {
  return shown(recordTime({ source: '', message, time }, reference));
}

function shown(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

describe('The time of a message', () => {
  it.each([
    ['2026-11-26T12:00:01Z Disk full', '2026-11-26T12:00:01.000Z'],
    ['2026-11-26T12:00:01.123456+01:00 host app[1]: text', '2026-11-26T11:00:01.123Z'],
    ['2026-11-26 12:00:01,123 ERROR [main] text', '2026-11-26T12:00:01.123Z'],
    ['2026-11-26 12:00:01 -0530 text', '2026-11-26T17:30:01.000Z'],
    ['2026-11-26 12:00:01.5-08 text', '2026-11-26T20:00:01.500Z'],
    ['2026-11-26 12:00:01 CET text', '2026-11-26T11:00:01.000Z'],
    ['2026-11-26 12:00:01 -15 items', '2026-11-26T12:00:01.000Z'],
    ['2026/11/26 12:00:01 text', '2026-11-26T12:00:01.000Z'],
    ['[2026-11-26 12:00:01] text', '2026-11-26T12:00:01.000Z'],
    ['(2026-11-26 12:00) text', '2026-11-26T12:00:00.000Z'],
    ['INFO  2026-11-26 12:00:01 text', '2026-11-26T12:00:01.000Z'],
    ['[warn] [2026-11-26 12:00:01] text', '2026-11-26T12:00:01.000Z'],
    ['\0\0\u00002026-11-26 12:00:01 text', '2026-11-26T12:00:01.000Z'],
    ['20261126T120001Z text', '2026-11-26T12:00:01.000Z'],
    ['20261126 12:00:01.25 text', '2026-11-26T12:00:01.250Z'],
    ['Nov 26 12:00:01 host app[1]: text', '2026-11-26T12:00:01.000Z'],
    ['Nov  6 12:00:01 host app[1]: text', '2026-11-06T12:00:01.000Z'],
    ['<34>Nov 26 12:00:01 host app: text', '2026-11-26T12:00:01.000Z'],
    ['<34>1 2026-11-26T12:00:01.000Z host app 1 ID - text', '2026-11-26T12:00:01.000Z'],
    ['Nov 26, 2026 5:00:01 PM a.b.C run', '2026-11-26T17:00:01.000Z'],
    ['Thu Nov 26 12:00:01.123456 2026 text', '2026-11-26T12:00:01.123Z'],
    ['[Thu Nov 26 12:00:01.123456 2026] [core:error] text', '2026-11-26T12:00:01.123Z'],
    ['Thu, 26 Nov 2026 12:00:01 GMT text', '2026-11-26T12:00:01.000Z'],
    ['Thu 2026-11-26 12:00:01 UTC text', '2026-11-26T12:00:01.000Z'],
    ['10.0.0.1 - - [26/Nov/2026:12:00:01 +0100] "GET / HTTP/1.1" 200', '2026-11-26T11:00:01.000Z'],
    ['[a] [b] x [26/Nov/2026:12:00:01 +0000] y', '2026-11-26T12:00:01.000Z'],
    ['26.11.2026 12:00:01 Datei fehlt', '2026-11-26T12:00:01.000Z'],
    ['11/26/2026 12:00:01 AM text', '2026-11-26T00:00:01.000Z'],
    ['11-26 12:00:01.123  1  2 E Tag: text', '2026-11-26T12:00:01.123Z'],
    ['I1126 12:00:01.123456   1 a.go:1] text', '2026-11-26T12:00:01.123Z'],
    ['E20261126 12:00:01.123456   1 a.cc:1] text', '2026-11-26T12:00:01.123Z'],
    ['E, [2026-11-26T12:00:01.123456 #12] ERROR -- : text', '2026-11-26T12:00:01.123Z'],
    ['1795694401 text', '2026-11-26T12:00:01.000Z'],
    ['1795694401.25 text', '2026-11-26T12:00:01.250Z'],
    ['1795694401123 text', '2026-11-26T12:00:01.123Z'],
    ['1795694401123456 text', '2026-11-26T12:00:01.123Z'],
    ['1795694401123456789 text', '2026-11-26T12:00:01.123Z'],
    ['2026-11-26 23:59:60 leap second', '2026-11-27T00:00:00.000Z'],
  ])('of %j is %s', (message, expected) => {
    expect(timeOf(message)).toBe(expected);
  });

  it.each([
    'Disk full',
    '',
    '12:00:01.123 text',
    '[   12.345678] usb 1-1: text',
    '2026-11-26 text',
    '2026-13-26 12:00:01 text',
    '2026-02-29 12:00:01 text',
    '2026-11-26 24:00:01 text',
    '0001-01-01T00:00:00Z text',
    '03/04/2026 12:00:01 text',
    '4711 rows',
    '9876543210 is an order',
    '17956944011 is too long',
    '404 not found',
    `${'x'.repeat(200)}[26/Nov/2026:12:00:01 +0000]`,
    'at 2026-11-26 12:00:01 the disk was full',
  ])('is missing in %j', (message) => {
    expect(timeOf(message)).toBeUndefined();
  });

  it('has the year that makes it at most a day later than the reference', () => {
    const newYear = Date.UTC(2026, 11, 31, 23);
    expect(shown(recordTime({ source: '', message: 'Jan  1 05:00:00 h a: b' }, newYear))).toMatch(/^2027/);
    expect(timeOf('Nov 27 23:59:59 h a: b')).toMatch(/^2026/);
    expect(timeOf('Nov 28 00:00:01 h a: b')).toMatch(/^2025/);
    expect(timeOf('Feb 29 00:00:01 h a: b')).toMatch(/^2024/);
  });
});

describe('The time of a field', () => {
  it.each([
    ['1795694401', '2026-11-26T12:00:01.000Z'],
    ['1795694401.123', '2026-11-26T12:00:01.123Z'],
    ['1795694401123456789', '2026-11-26T12:00:01.123Z'],
    ['999999999', '2001-09-09T01:46:39.000Z'],
    ['2026-11-26', '2026-11-26T00:00:00.000Z'],
    ['26.11.2026', '2026-11-26T00:00:00.000Z'],
    ['"2026-11-26 12:00:01"', '2026-11-26T12:00:01.000Z'],
    ['11/26/2026 5:00:01\u202FPM', '2026-11-26T17:00:01.000Z'],
    ['26/Nov/2026:12:00:01 +0000', '2026-11-26T12:00:01.000Z'],
  ])('%j is %s', (time, expected) => {
    expect(timeOfField(time)).toBe(expected);
  });

  it('precedes that of the message, which counts if the field has none', () => {
    const message = '2026-11-26 12:00:01 text';
    expect(timeOfField('2026-11-25T00:00:00Z', message)).toBe('2026-11-25T00:00:00.000Z');
    for (const time of ['', '0.183', '12:00', 'yesterday', '9'.repeat(1000)])
      expect(timeOfField(time, message), time).toBe('2026-11-26T12:00:01.000Z');
  });
});

it('every time comes back from its ISO form', () => {
  const time = fc.integer({ min: 0, max: Date.UTC(2199, 11, 31) });
  fc.assert(
    fc.property(time, (ms) => {
      expect(recordTime({ source: '', message: `${new Date(ms).toISOString()} text` })).toBe(ms);
    }),
    { numRuns: propertyRuns(1_000) },
  );
});

it('any text has a valid time or none', () => {
  const part = fc.constantFrom(
    '2026',
    '-',
    '11',
    '26',
    ' ',
    ':',
    'Nov',
    '/',
    '[',
    'T',
    '1',
    '.',
    'AM',
    'Z',
    '<',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
      const time = recordTime({ source: '', message: parts.join(''), time: parts.slice(1).join('') });
      expect(time === undefined || Number.isSafeInteger(time)).toBe(true);
    }),
    { numRuns: propertyRuns(2_000) },
  );
});
