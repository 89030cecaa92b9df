import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kind, kindAt } from '../../../src/classifier/template/character-kinds.js';
import { masks } from '../../../src/classifier/template/masks.js';
import { maskVariableParts } from '../../../src/classifier/template/template.js';
import { propertyRuns } from '../../support/property-runs.js';

const table = Object.values(masks);

/** The reference implementation of maskVariableParts: tries all masks at every index. */
function referenceTemplate(message: string): string {
  const text = message.slice(0, 4096);
  let template = '';
  for (let at = 0; at < text.length;) {
    const mask = table.find(({ pattern }) => {
      pattern.lastIndex = at;
      return pattern.test(text);
    });
    const end = mask ? mask.pattern.lastIndex : at + 1;
    template += mask?.placeholder ?? text.slice(at, end);
    at = end;
  }
  return template.replace(/\s+/g, ' ').trim();
}

/** Text that masks match in all its forms, and similar text that they do not match. */
const part = fc.constantFrom(
  ...['status 200', 'code=-5', 'errno: 28', 'error:5', 'signal 9', 'exit  1', 'exited = 3', 'returned 404'],
  ...['HTTP/1.1" 503', 'HTTP/2 200', '5 %', '12.5%', '100%', '1234%', 'a@b.c', 'ops.team+x@mail.example.org'],
  ...[
    '5f0c1d2e-aaaa-bbbb-cccc-0123456789ab',
    'abcdefab-aaaa-bbbb-cccc-0123456789ab',
    '12345678-1111-2222-3333-0123456789ab',
  ],
  ...[
    '00:1b:44:11:3a:b7',
    'ab-cd-ef-ab-cd-ef',
    'ab:cd:ef:ab:cd:ef',
    '0a-1b-44-11-3a-b7',
    '10:11:12:13:14:15',
  ],
  ...['2026-11-21', '2026/1/2T1:02:03Z', '2026.1.2 1:02:03,5 +01:00', '04:43:00.123', '04:43:00', '4:43:001'],
  ...[
    'Jan 1',
    'Feb  28 04:43:00',
    'Mar 3',
    'Apr 4',
    'Jun 4',
    'Oct 31',
    'Nov 5',
    'Dec 24',
    '04/Jun/2026:1:02:03',
  ],
  ...['10.0.0.7', '10.0.0.7:80', '1.2.3', '1.2.3.4.5', 'fe80:0:1:2:3', '2001:db8:0:1:1:1:1:1', 'a:b:c:d:e'],
  ...[
    '0x1F',
    '0Xff',
    `0x${'a'.repeat(64)}`,
    `0x${'1'.repeat(64)}20x1`,
    '00x1',
    '9f86d081884c7d65',
    'deadbeef1',
  ],
  ...[
    ...['example.com', 'a-b_1.x2.example.co.uk:443', '163.net', '9a.b.local.', 'x.com.js', 'java.net.Socket'],
    '0 errors',
    'node 0 failed',
    'lost: 0/12',
    '0个错误',
    '1,234.5',
    '-3',
    'eth0',
    'user123',
    '12ms',
    '1e5',
    '_',
    '@',
    '"',
    '(',
    'ä',
    '😀',
    '\n',
    '\u00a0',
    ' \t',
  ],
);
const short = fc.stringMatching(/^[0-9a-fxHX.:@-]{1,6}$/);
const separator = fc.constantFrom('', '', ' ', ' ', ' ', '=', ':', '-', '.', ',', '/', '  ');
const line = fc
  .array(fc.tuple(fc.oneof(part, part, short), separator), { maxLength: 6 })
  .map((pieces) => pieces.flat().join(''));

describe('maskVariableParts', () => {
  it('returns what trying all masks at every index returns', () => {
    fc.assert(
      fc.property(fc.oneof(line, fc.string()), (text) => {
        expect(maskVariableParts(text)).toBe(referenceTemplate(text));
      }),
      { numRuns: propertyRuns(1_000) },
    );
  });
});

describe('kindAt', () => {
  it('returns other outside the text', () => {
    expect([-1, 0, 1].map((at) => kindAt('a', at))).toEqual([Kind.other, kindAt('ba', 1), Kind.other]);
    expect(kindAt('a', 0)).not.toBe(Kind.other);
  });

  it('returns space for all characters that \\s matches', () => {
    const spaces = Array.from({ length: 0x1_0000 }, (_, unit) => String.fromCharCode(unit));
    const differing = spaces.filter((unit) => /\s/.test(unit) !== (kindAt(unit, 0) === Kind.space));
    expect(differing).toEqual([]);
  });
});
