import { describe, expect, it } from 'vitest';
import { contentDisposition } from '../../src/http/upload/file-name.js';

describe('contentDisposition', () => {
  it.each([
    ['logs.csv', 'logs_classified.csv', 'logs_classified.csv'],
    ['LOGS.CSV', 'LOGS_classified.csv', 'LOGS_classified.csv'],
    ['server.log.2026', 'server.log.2026_classified.csv', 'server.log.2026_classified.csv'],
    [undefined, 'logs_classified.csv', 'logs_classified.csv'],
    ['.csv', 'logs_classified.csv', 'logs_classified.csv'],
    [' a.csv.old ', 'a.csv.old_classified.csv', 'a.csv.old_classified.csv'],
    ['x'.repeat(200), `${'x'.repeat(150)}_classified.csv`, `${'x'.repeat(150)}_classified.csv`],
    ['..', '.._classified.csv', '.._classified.csv'],
    ['../../etc/passwd', 'passwd_classified.csv', 'passwd_classified.csv'],
    ['C:\\logs\\mine.csv', 'mine_classified.csv', 'mine_classified.csv'],
    ['a"b;c.csv', 'a_b_c_classified.csv', 'a%22b%3Bc_classified.csv'],
    ['x\r\nSet-Cookie: y.csv', 'xSet-Cookie__y_classified.csv', 'xSet-Cookie%3A%20y_classified.csv'],
    ['größe (1)*.csv', 'gr__e__1___classified.csv', 'gr%C3%B6%C3%9Fe%20%281%29%2A_classified.csv'],
    ['ログ.csv', '___classified.csv', '%E3%83%AD%E3%82%B0_classified.csv'],
    ['a\u202Evsc.csv', 'avsc_classified.csv', 'avsc_classified.csv'],
    ['bad\uD800.csv', 'bad__classified.csv', 'bad%EF%BF%BD_classified.csv'],
  ])('returns a safe header for %j', (name, plain, extended) => {
    expect(contentDisposition(name, 'csv')).toBe(
      `attachment; filename="${plain}"; filename*=UTF-8''${extended}`,
    );
  });
});
