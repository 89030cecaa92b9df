import { describe, expect, it } from 'vitest';
import { redact } from '../../../src/classifier/llm/redact.js';

describe('redact', () => {
  it.each([
    ['Login failed, password=hunter2 for bob', 'Login failed, password=<secret> for bob'],
    ['db.passwd: "two words", host=h', 'db.passwd: <secret>, host=h'],
    ['{"user":"bob","password":"a\\"b","retry":1}', '{"user":"bob","password":<secret>,"retry":1}'],
    [String.raw`{\"api_key\":\"abc\",\"n\":1}`, String.raw`{\"api_key\":<secret>,\"n\":1}`],
    ["secret => 'cut off in the middle", 'secret => <secret>'],
    ['access_token=abc123&next=/home', 'access_token=<secret>&next=/home'],
    ['aws_secret_access_key = wJalrXUtnFEMI/K7', 'aws_secret_access_key = <secret>'],
    ['X-Api-Key: 0123456789', 'X-Api-Key: <secret>'],
    ['Authorization: Bearer abc.def', 'Authorization: <secret>'],
    ['"Authorization": "Basic dXNlcjpwdw=="', '"Authorization": <secret>'],
    ['sent bearer 0123456789abcdef0123', 'sent bearer <secret>'],
    ['Cookie: sid=abc; theme=dark', 'Cookie: <secret>'],
    ['mysql --password hunter2 --host db', 'mysql --password <secret> --host db'],
    ['tool --client-secret hunter2 run', 'tool --client-secret <secret> run'],
    ['GET https://bob:hunter2@host/path', 'GET https://bob:<secret>@host/path'],
    ['key AKIAIOSFODNN7EXAMPLE used', 'key <secret> used'],
    ['pushed with ghp_0123456789abcdefABCDEF', 'pushed with <secret>'],
    ['jwt eyJhbGciOi.eyJzdWIiOi.c2lnbmF0 expired', 'jwt <secret> expired'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- read', '<private-key> read'],
    ['read -----BEGIN PRIVATE KEY-----\nMIIE (cut', 'read <private-key>'],
    ['card 4111 1111 1111 1111 declined', 'card <card-number> declined'],
    ['card 4111111111111111 declined', 'card <card-number> declined'],
    ['card 3782-822463-10005 declined', 'card <card-number> declined'],
    ['mail to jo.doe+x@mail.example.com bounced', 'mail to <email> bounced'],
  ])('masks the secret in %s', (text, masked) => {
    expect(redact(text)).toBe(masked);
  });

  it.each([
    'Failed password for root from 10.0.0.1 port 4711',
    'Token refreshed for session 42',
    'block blk_-1608999687919862906 of size 67108864',
    'timestamp 1700000000001 read',
    'Option passive is deprecated',
    'std::secret::parse at line 7',
    'Escalation of ticket 42 failed: no agent available',
  ])('leaves %s as it is', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('leaves no secret behind that stands beside another', () => {
    const text = 'password=one token=two {"secret":"three"} https://u:four@h jo@example.com';
    expect(redact(text)).not.toMatch(/one|two|three|four|jo@/);
  });

  it.each([
    'a',
    '-',
    'eyJ-',
    'eyJaaaaa.',
    '1 ',
    '1',
    'a@',
    'password',
    '://a:',
    'cookie: ',
    '"\\',
    '-----BEGIN ',
  ])('is quick on a long run of %j', (piece) => {
    const text = piece.repeat(20_000);
    const startedAt = performance.now();
    redact(text);
    redact(`token=${text}`);
    // Linear time is a few milliseconds here, quadratic time many seconds.
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
