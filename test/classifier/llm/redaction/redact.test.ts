import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { credentials } from '../../../../src/classifier/llm/redaction/credentials.js';
import { namedSecrets, taggedSecrets } from '../../../../src/classifier/llm/redaction/named-secrets.js';
import { personalData } from '../../../../src/classifier/llm/redaction/personal-data.js';
import { redact } from '../../../../src/classifier/llm/redaction/redact.js';
import { privateKeys, tokenShapes } from '../../../../src/classifier/llm/redaction/token-shapes.js';
import { propertyRuns } from '../../../support/property-runs.js';
import { kept, masked } from './masked.js';

describe.each(Object.entries(masked))('redact masks %s', (_, rows) => {
  it.each(rows)('in %j', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });
});

describe.each(Object.entries(kept))('redact does not touch %s', (_, rows) => {
  it.each(rows)('as in %j', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('redact', () => {
  it('reads the digits of a script that has two sets of them side by side', () => {
    const digits = '4111111111111111'.replace(/\d/g, (digit) =>
      String.fromCodePoint(0x116da + Number(digit)),
    );
    expect(redact(`paid with ${digits}`)).toBe(redact('paid with 4111111111111111'));
  });

  it('masks all secrets of a text', () => {
    const text = 'password=one token=two {"secret":"three"} https://u:four@h jo@example.com';
    expect(redact(text)).not.toMatch(/one|two|three|four|jo@/);
  });
});

/** Pieces that start a match of some pattern, or that a repeat in it consumes, without completing the match. */
const pieces = [
  ...[
    'a',
    'A',
    '1',
    ' ',
    '-',
    '.',
    ':',
    '@',
    '<',
    '&',
    '"',
    "'",
    '“',
    '{',
    '[',
    '\\',
    '\\\\"',
    '"\\',
    'aB1',
    'aB1/',
  ],
  ...[
    '1 ',
    '1-',
    '12 ',
    '1.',
    '+1 ',
    '0123 ',
    '(0123) ',
    '001 ',
    '123-',
    'DE12',
    'DE12 ',
    'ip-1-',
    '1[.]',
    '1:',
  ],
  ...[
    'password',
    'password ',
    'password is ',
    'password for a ',
    'password: ',
    'password=a,b',
    'password=a&',
  ],
  ...['password="', 'password="a"b', 'password=&quot;', 'password=`', 'password={', 'password[', 'secret('],
  ...[
    '<password>',
    '<password ',
    '<password>a<b',
    '<![CDATA[',
    'value="a"',
    'name="password" value=',
    'pass ',
  ],
  ...['--', '--password', '--a-', '-u a:', 'mysql ', 'mysql -p', 'identified by ', 'cookie: ', 'cookie: a='],
  ...[
    '://',
    '://a:',
    'http://a:1',
    'a:b@',
    'a:',
    'a@',
    'a@a.',
    '%40',
    'a%40a.',
    '?code=',
    'session=',
    'auth=',
  ],
  ...['authorization: digest ', 'basic aaaa', 'bearer ', 'token a1', 'pin 1', '12345678 is your ', 'phone 1'],
  ...[
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    'PuTTY-User-Key-File-2',
    'eyJ-',
    'eyJaaaaa.',
    'SG.',
    'ghp_',
  ],
  ...[
    'xoxb-',
    'sk-',
    'https://hooks.slack.com/',
    '.atlasv1.',
    '٤',
    'ｐ',
    '\u200b',
    '\u0315\u0327',
    '\u001b[1',
  ],
];

/** Follows each text, so that no pattern is skipped because its `needs` are missing. */
const allNeeds = [taggedSecrets, privateKeys, credentials, namedSecrets, tokenShapes, personalData]
  .flat()
  .flatMap(({ needs = [] }) => needs)
  .join(' ');

describe('redact in a text of one repeated piece', () => {
  // Linear time takes a fraction of a second here, quadratic time more than a minute. The limit ends the latter.
  it.each(pieces)('takes linear time: %j', (piece) => {
    // Shorter in the mutation run: patterns are constants, which it does not change.
    const run = piece.repeat(Math.ceil(propertyRuns(400_000) / piece.length));
    const texts = [run, `password="${run}`, `token=${run}`].map((text) => `${text} password ${allNeeds}`);
    const work = () => texts.map(redact).length;
    expect(runInNewContext('work()', { work }, { timeout: 45_000 })).toBe(3);
  });
});
