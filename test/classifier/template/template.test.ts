import { describe, expect, it, vi } from 'vitest';
import { masks } from '../../../src/classifier/template/masks.js';
import { isCut, maskVariableParts, toTemplate } from '../../../src/classifier/template/template.js';

describe('maskVariableParts', () => {
  it.each([
    ['an address with a port', 'from 10.0.0.7:4711 now', 'from <ip> now'],
    ['an IPv6 address', 'peer 2001:db8:0:1:1:1:1:1 up', 'peer <ip> up'],
    ['a UUID', '[instance: 5f0c1d2e-aaaa-bbbb-cccc-0123456789ab] gone', '[instance: <id>] gone'],
    ['a MAC address', 'lease for 00:1b:44:11:3a:b7', 'lease for <mac>'],
    [
      'a host name',
      'GET https://a1.shop.example.com/x via proxy-2.lan:3128.',
      'GET https://<host>/x via <host>.',
    ],
    ['a host in a country', 'cdn.example.co.uk answered', '<host> answered'],
    ['the digit after a single capital letter', 'rack_C5 in zone-D0', 'rack_C<num> in zone-D<num>'],
    ['an e-mail address', 'mail to ops.team+x@mail.example.org failed', 'mail to <email> failed'],
    ['each of two e-mail addresses', 'jo@example.com to al@example.com', '<email> to <email>'],
    ['an e-mail address in brackets', 'sender (jo@example.com)', 'sender (<email>)'],
    ['an e-mail address far back', `${'word '.repeat(30)}jo@example.com`, `${'word '.repeat(30)}<email>`],
    ['an e-mail address of 64 characters', `${'a'.repeat(64)}@example.com`, '<email>'],
    ['only the host after 65 characters', `${'a'.repeat(65)}@example.com`, `${'a'.repeat(65)}@<host>`],
    ['a time stamp', '2026-11-21T04:43:00.123Z started', '<time> started'],
    ['a syslog date', 'Jun  4 04:06:18 host restarted', '<time> host restarted'],
    ['a clock time', 'ends at 04:43:00', 'ends at <time>'],
    ['prefixed hex', 'mask 0x10 at 0x00e19cc0', 'mask <hex> at <hex>'],
    ['bare hex', 'commit 9f86d081884c7d65 built', 'commit <hex> built'],
    ['numbers with separators', 'took 1,234.5 ms, delta -3', 'took <num> ms, delta <num>'],
    [
      'several digits after a letter',
      'User4711 on node17 and blk_99',
      'User<num> on node<num> and blk_<num>',
    ],
    ['one space at either end', ' a b ', 'a b'],
    ['a single tab between words', 'a\tb', 'a b'],
    ['white space in what tells something', 'exit   1, status = 404', 'exit 1, status = 404'],
    ['white space', '  a \t b\r\n c ', 'a b c'],
  ])('masks %s', (_, message, template) => {
    expect(maskVariableParts(message)).toBe(template);
  });

  it.each([
    'status: 404',
    'HTTP/1.1" 503',
    'exit code 137',
    'errno=28',
    'ExitCode 137',
    'returncode=1',
    'RC=8',
    'disk at 91%',
    'eth0 speaks ipv4',
    'main.js calls java.net.Socket of com.example.Service',
    'deadbeef defaced',
  ])('keeps text that labels depend on: %s', (message) => {
    expect(toTemplate(message)).toBe(message);
  });

  it('returns equal templates for lines that differ in variable parts', () => {
    expect(toTemplate('User User12 logged in from 10.0.0.1')).toBe(
      toTemplate('User User977 logged in from 192.168.7.20'),
    );
  });

  it('keeps start and end of a long text, 4,096 characters together', () => {
    const template = maskVariableParts(`start ${'word '.repeat(100_000)}the end`);
    expect(template.length).toBeLessThanOrEqual(4096);
    expect(template).toMatch(/^start word .* … .* word the end$/);
  });

  it('does not leave half a character where it cuts', () => {
    expect(maskVariableParts('😀'.repeat(5_000)).isWellFormed()).toBe(true);
    expect(maskVariableParts(`a${'😀'.repeat(5_000)}`).isWellFormed()).toBe(true);
  });

  it.each([
    'a',
    '1',
    '.',
    '-',
    '1.',
    'a-',
    '1:',
    'a@',
    '0x',
    'a.',
    'a_-.',
    'a.com.',
    '0 ',
    '0 of 1 ',
    'error 0z ',
    'err-err 0',
    'エラー 0',
  ])('takes linear time for a hostile line of %j', (piece) => {
    expect(toTemplate(piece.repeat(50_000)).length).toBeLessThanOrEqual(3 * 4096);
  });
});

/** Which masks were tried on the way to the template, one name for each time. */
function triedOn(message: string): string {
  const tries = Object.entries(masks).map(([name, { pattern }]) => ({
    name,
    spy: vi.spyOn(pattern, 'test'),
  }));
  toTemplate(message);
  const tried = tries.flatMap(({ name, spy }) => Array<string>(spy.mock.calls.length).fill(name));
  for (const { spy } of tries) spy.mockRestore();
  return tried.join(' ');
}

const UNTIL_PREFIXED_HEX = 'id mac host ipv6 prefixedHex';
const DIGITS_BEFORE_A_LETTER = `${UNTIL_PREFIXED_HEX} hex number`;

describe('toTemplate tries', () => {
  it.each([
    ['no mask on plain words', 'a line of plain words, - and more', ''],
    ['no mask on a word after a digit', '7abc: on', DIGITS_BEFORE_A_LETTER],
    ['no mask on what follows a mask amid letters', `0x${'a'.repeat(64)}abc: on`, UNTIL_PREFIXED_HEX],
    [
      'one mask on each digit that follows a mask amid digits',
      `0x${'1'.repeat(64)}23 on`,
      `${UNTIL_PREFIXED_HEX} prefixedHex prefixedHex`,
    ],
    ['one mask on a minus before a digit', 'at -3', 'number'],
    ['all masks only where an address may begin', 'mail of jo@example.com now', 'code zero share id email'],
    ['no mask on an @ that nothing precedes', '@x and @ and (@', ''],
    ['no mask on a word before an @ that is too long for an address', `${'u'.repeat(65)}@x and`, ''],
  ])('%s', (_, message, tried) => {
    expect(triedOn(message).split(' ').sort()).toEqual(tried.split(' ').sort());
  });
});

describe('isCut', () => {
  const long = 'word '.repeat(1_000);

  it.each([
    ['a short message', 'Disk full', false],
    ['a long message', long, true],
    ['a long message in JSON', JSON.stringify({ msg: long }), true],
    ['a short message in a long object', JSON.stringify({ ctx: { dump: long }, msg: 'Disk full' }), false],
    ['an object that is too long', JSON.stringify({ msg: 'Disk full', dump: long.repeat(50) }), true],
  ])('says of %s whether parts are not read', (_, message, expected) => {
    expect(isCut(message)).toBe(expected);
  });
});

describe('toTemplate keeps a zero that says that nothing went wrong', () => {
  it.each([
    ['in front of a word for trouble', 'run ended, 0 errors', 'run ended, 0 errors'],
    ['with a word between', 'scan: 0 new threats.', 'scan: 0 new threats.'],
    ['with two words between', '0 open host alarms', '0 open host alarms'],
    ['behind it', 'failed=0 errors: 0, ok 0', 'failed=0 errors: 0, ok <num>'],
    ['behind it with blanks around the sign', 'Erreurs : 0, errors = 0', 'Erreurs : 0, errors = 0'],
    ['behind it in brackets', 'failed (0), passed (0)', 'failed (0), passed (<num>)'],
    ['behind it with words between', 'failed log-ins last hour: 0', 'failed log-ins last hour: 0'],
    ['behind it as the name of a counter', 'errorCount: 0 drop_total=0', 'errorCount: 0 drop_total=0'],
    ['as a part of all', '0 of 12 checks failed', '0 of <num> checks failed'],
    ['as a part of all with a slash', '0/12 failed, lost: 0/12', '0/<num> failed, lost: 0/<num>'],
    ['in other European languages', '0 Fehler, ошибок: 0', '0 Fehler, ошибок: 0'],
    ['in Chinese', '失败 0，错误数：0，0个错误', '失败 0，错误数：0，0个错误'],
    ['in Japanese', '0件のエラー、失敗0件', '0件のエラー、失敗0件'],
    ['behind an adjective and a sign', 'missing: 0 blocked=0', 'missing: 0 blocked=0'],
  ])('%s', (_, message, template) => {
    expect(toTemplate(message)).toBe(template);
  });

  it.each([
    '10 errors',
    '0.5 errors',
    '0x0 errors',
    'rx 0 tx 0',
    'failed: 0.5',
    'retry-0 failed',
    '3 of 0 checks',
    '10/12 failed',
    'node 0 failed',
    'attempt 0 of 3 failed',
    'sector 0 is bad',
    'lost link to node 0',
    'timeout after 0 ms',
    'invalid value: 0',
    'bad length 0',
  ])('but not in "%s"', (message) => {
    expect(toTemplate(message)).not.toMatch(/(?<!\w)0(?!\w)/);
  });
});
