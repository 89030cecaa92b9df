import { describe, expect, it } from 'vitest';
import { guessEncoding } from '../../src/text/guess-encoding.js';
import { openText, type OpenTextOptions } from '../../src/text/open-text.js';
import { chunked, join, problemOf } from '../formats/csv/support.js';

async function read(file: Uint8Array, options: OpenTextOptions = {}, chunkBytes?: number) {
  const opened = await openText(chunked(file, chunkBytes).bytes, options);
  const text = await join(opened.text);
  return { text, encoding: opened.encoding, guessed: opened.guessed, bytesReplaced: opened.bytesReplaced };
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const ascii = 'billing,Job 17 finished in 3 ms\n';
const utf8Rows = Array.from({ length: 40 }, (_, i) =>
  Buffer.from(`shop,Größe ${i} überschritten für Köln\n`),
);

/** Encodes text in a single-byte encoding, with the help of its decoder. */
function encode(text: string, encoding: string): Buffer {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const table = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes, { stream: true });
  return Buffer.from(Array.from(text, (character) => table.indexOf(character)));
}

describe('the encoding of a file that nobody names', () => {
  const rows: Record<string, string[]> = {
    'windows-1251': [
      'Вход запрещён для пользователя',
      'Очередь заданий переполнена',
      'Сервер печати не отвечает',
    ],
    'koi8-r': ['Вход запрещен для пользователя', 'Очередь заданий переполнена', 'Сервер печати не отвечает'],
    ibm866: ['Вход запрещен для пользователя', 'Очередь заданий переполнена', 'Сервер печати не отвечает'],
    'windows-1253': ['Η ουρά εργασιών είναι πλήρης', 'Ο διακομιστής δεν απαντά', 'Άκυρος κωδικός χρήστη'],
    'windows-1254': [
      'Kullanıcı girişi başarısız oldu',
      'Yazıcı sunucusu yanıt vermiyor',
      'İş kuyruğu dolu, işlem bekliyor',
    ],
    'windows-1255': ['תור העבודות מלא כעת', 'שרת ההדפסה אינו מגיב', 'סיסמה שגויה למשתמש'],
    'windows-1250': [
      'Použití paměti překročilo limit',
      'Tiskárna neodpovídá, úloha zrušena',
      'Neplatné heslo uživatele',
    ],
    'windows-1252': [
      'Das Gerät antwortet nicht',
      'Le délai a été dépassé à 10 h',
      'La sesión expiró por inactividad',
    ],
  };

  it.each(Object.keys(rows))('is guessed as %s, whatever the order and the length', async (encoding) => {
    const lines = (rows[encoding] ?? []).map((message) => `app,"${message}"\n`);
    for (const some of [
      lines.slice(0, 1),
      lines,
      lines.toReversed(),
      [...lines, ...Array<string>(500).fill(ascii)],
    ]) {
      const text = `source,log_message\n${some.join('')}`;
      expect(await read(encode(text, encoding))).toMatchObject({ text, guessed: encoding, encoding });
    }
  });

  it.each([
    ['shift_jis', 'g3aDioOTg16CqoLNgqKC6ILcgrmC8Q==', 'プリンタがはいりません'],
    ['gb18030', 'tPLTobv6zt63qMGsvdM=', '打印机无法连接'],
    ['euc-kr', 'wM684iC8rbn2sKEgwMC05MfPwfYgvsq9wLTPtNk=', '인쇄 서버가 응답하지 않습니다'],
    ['big5', 'pkyq7b73pviqQb65qFOms6ZewLM=', '印表機伺服器沒有回應'],
  ])('is guessed as %s', async (encoding, base64, message) => {
    const line = Buffer.concat([Buffer.from('app,'), Buffer.from(base64, 'base64'), Buffer.from('\n')]);
    const { guessed, text } = await read(Buffer.concat([line, line]));
    expect(guessed).toBe(encoding);
    expect(text).toBe(`app,${message}\n`.repeat(2));
  });

  it('is not guessed for random bytes: it asks for encoding=', async () => {
    let state = 1;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) % 128;
    const file = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i % 40 === 0 ? 10 : 0x80 + random())));
    const problem = await problemOf(read(file));
    expect(problem).toMatchObject({ code: 'encoding', detail: expect.stringMatching(/encoding=/) as string });
  });

  it('is what the user names, before the charset and before a guess', async () => {
    const file = encode('app,Вход запрещён\n', 'koi8-u');
    const { text, guessed } = await read(file, { encoding: 'KOI8 U', charset: 'utf-8' });
    expect([text, guessed]).toEqual(['app,Вход запрещён\n', undefined]);
  });
});

describe('the guess from very many short lines', () => {
  const lines = Array.from({ length: 40_000 }, (_, i) => `\xe9t\xe9 ${i.toString(36)}\n`);

  it('does not depend on their order', () => {
    const guess = guessEncoding(latin1(lines.join('')), true);
    expect(guessEncoding(latin1(lines.toReversed().join('')), true)).toEqual(guess);
    expect(guess.encoding).toBe('windows-1252');
  });
});

describe('bytes for which no encoding can be named', () => {
  it('are refused without an example', async () => {
    // Bytes of brotli.
    const packed = Buffer.from(
      'cfffff7f002400e2b14072effff9ffff0f8004401c1680eefd3fffffff01900088c302d0',
      'hex',
    );
    const { detail } = await problemOf(read(packed));
    expect(detail).toBe(
      'The encoding cannot be told from the bytes. Name it with encoding= or save the file as UTF-8.',
    );
  });
});

describe('UTF-8 with stray bytes', () => {
  const stray = latin1('caf\xe9\n');
  const files = [
    [stray, ...utf8Rows],
    [...utf8Rows, stray],
    [...utf8Rows.slice(0, 5), stray, ...utf8Rows.slice(5)],
  ];

  it('is refused with byte and line, wherever the bytes are', async () => {
    for (const rows of files) {
      const offset = Buffer.concat(rows.slice(0, rows.indexOf(stray))).length + 3;
      for (const chunkBytes of [1, 50, 65_536]) {
        const problem = await problemOf(read(Buffer.concat(rows), {}, chunkBytes));
        expect(problem).toMatchObject({ code: 'encoding', place: { offset, line: rows.indexOf(stray) + 1 } });
        expect(problem.detail).toMatch(/on_error=skip/);
      }
    }
  });

  it('comes with U+FFFD and a count, if bad bytes may be skipped', async () => {
    for (const rows of files) {
      for (const chunkBytes of [1, 50, 65_536]) {
        const { text, bytesReplaced, guessed } = await read(
          Buffer.concat(rows),
          { onError: 'skip' },
          chunkBytes,
        );
        expect(text).toBe(rows.map((row) => (row === stray ? 'caf\uFFFD\n' : row.toString())).join(''));
        expect({ bytesReplaced, guessed }).toEqual({ bytesReplaced: 1, guessed: undefined });
      }
    }
  });

  it('does not count the U+FFFD of the file itself', async () => {
    const file = Buffer.concat([Buffer.from('ä\uFFFDü'), Buffer.from([0xff])]);
    expect((await read(file, { onError: 'skip' })).bytesReplaced).toBe(1);
  });
});

describe('a file of two encodings', () => {
  const western = Array.from({ length: 6000 }, (_, i) =>
    latin1(`app,Das Ger\xe4t ${i} antwortet nicht auf der Stra\xdfe\n`),
  );
  const utf8 = Array.from({ length: 9000 }, (_, i) =>
    Buffer.from(`app,Das Gerät ${i} antwortet nicht auf der Straße\n`),
  );

  it.each(['fail', 'skip'] as const)('is refused in either order (%s)', async (onError) => {
    for (const rows of [
      [...western, ...utf8],
      [...western, ...utf8.slice(0, 4000)],
    ]) {
      const problem = await problemOf(read(Buffer.concat(rows), { onError }));
      expect(problem).toMatchObject({
        code: 'encoding',
        detail: expect.stringMatching(/encoding/) as string,
      });
    }
    const turned = [...utf8.slice(0, 100), ...western];
    expect((await problemOf(read(Buffer.concat(turned), { onError }))).code).toBe('encoding');
  });
});

describe('bytes that a declared encoding does not have', () => {
  it.each([
    ['shift_jis', [0x61, 0x0a, 0x93, 0x0a, 0x62], 'a\n\uFFFD\nb', { offset: 2, line: 2 }],
    ['windows-1253', [0x61, 0x0a, 0x0a, 0xff], 'a\n\n\uFFFD', { offset: 3, line: 3 }],
    ['utf-16le', [0x0a, 0, 0, 0xd8, 0x62, 0], '\n\uFFFDb', { offset: 2, line: 2 }],
    ['utf-16be', [0, 0x0a, 0], '\n\uFFFD', { offset: 2, line: 2 }],
  ])('are refused or replaced: %s', async (encoding, bytes, text, place) => {
    for (const chunkBytes of [1, 2, 3, 100]) {
      const file = Buffer.from(bytes);
      expect((await problemOf(read(file, { encoding }, chunkBytes))).place).toEqual(place);
      const replaced = await read(file, { encoding, onError: 'skip' }, chunkBytes);
      expect(replaced).toMatchObject({ text, bytesReplaced: 1 });
    }
  });
});
