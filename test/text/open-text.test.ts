import { describe, expect, it } from 'vitest';
import { openText } from '../../src/text/open-text.js';
import { chunked, decode, problemOf } from '../formats/csv/support.js';

const sample = 'source,log_message\nä,€ 😀 日本\n';
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const mark = {
  utf8: Buffer.from([0xef, 0xbb, 0xbf]),
  le: Buffer.from([0xff, 0xfe]),
  be: Buffer.from([0xfe, 0xff]),
};
const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));

describe('the encoding of a file', () => {
  it.each([
    ['UTF-8', Buffer.from(sample), 'utf-8', false],
    ['UTF-8 with a mark', Buffer.concat([mark.utf8, Buffer.from(sample)]), 'utf-8', true],
    ['UTF-16LE with a mark', Buffer.concat([mark.le, Buffer.from(sample, 'utf16le')]), 'utf-16le', true],
    ['UTF-16BE with a mark', Buffer.concat([mark.be, utf16be(sample)]), 'utf-16be', true],
    ['UTF-16LE without one', Buffer.from(sample, 'utf16le'), 'utf-16le', false],
    ['UTF-16BE without one', utf16be(sample), 'utf-16be', false],
  ])('is found for %s, wherever the chunks end', async (_name, file, encoding, bom) => {
    for (const chunkBytes of [1, 2, 3, 5, 1000]) {
      expect(await decode(file, { chunkBytes })).toEqual({ text: sample, encoding, bom });
    }
  });

  it('is UTF-8 for a file of ASCII only, and for an empty file', async () => {
    expect(await decode(Buffer.from('a,b'))).toEqual({ text: 'a,b', encoding: 'utf-8', bom: false });
    expect(await decode(Buffer.alloc(0))).toEqual({ text: '', encoding: 'utf-8', bom: false });
    expect(await decode(mark.utf8)).toEqual({ text: '', encoding: 'utf-8', bom: true });
  });

  it('is Windows-1252 from the first byte that is not UTF-8, if no multi-byte character precedes it', async () => {
    const file = bytes('a,b\n'.repeat(3000), 'caf', [0xe9], ' ', [0x80], ' ', [0xc3, 0xa4], '\n');
    for (const chunkBytes of [1, 7, 5000, 65_536]) {
      const { text, encoding } = await decode(file, { chunkBytes });
      expect(text).toBe(`${'a,b\n'.repeat(3000)}café € Ã¤\n`);
      expect(encoding).toBe('windows-1252');
    }
  });

  it('is Windows-1252 if the file ends inside a possible UTF-8 character', async () => {
    expect((await decode(bytes('caf', [0xc3]))).text).toBe('cafÃ');
    expect((await decode(bytes('caf', [0xe2, 0x82]), { chunkBytes: 1 })).text).toBe('caf\u00e2\u201a');
  });

  it.each([
    ['its label', 'windows-1252', undefined],
    ['its label, byte by byte', 'latin1', 1],
  ])('decodes all 256 characters of Windows-1252 (except NUL) by %s', async (_name, charset, chunkBytes) => {
    const high = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
    const all = Uint8Array.from({ length: 255 }, (_, i) => i + 1);
    const expected =
      String.fromCharCode(...all.subarray(0, 127)) + high + String.fromCharCode(...all.subarray(159));
    const options = { ...(charset && { charset }), ...(chunkBytes && { chunkBytes }) };
    expect((await decode(all, options)).text).toBe(expected);
  });

  it.each([
    ['windows-1252', bytes([0xc3, 0xa4]), 'Ã¤', 'windows-1252'],
    [' UTF-8 ', bytes([0xc3, 0xa4]), 'ä', 'utf-8'],
    ['utf-16', Buffer.from('日,本', 'utf16le'), '日,本', 'utf-16le'],
    ['utf-16be', utf16be('日,本'), '日,本', 'utf-16be'],
    ['Shift_JIS', bytes([0x93, 0xfa, 0x96, 0x7b]), '日本', 'shift_jis'],
    ['', bytes([0xc3, 0xa4]), 'ä', 'utf-8'],
  ])('is the charset "%s" that the client declares', async (charset, file, text, encoding) => {
    for (const chunkBytes of [1, 100]) {
      expect(await decode(file, { charset, chunkBytes })).toEqual({ text, encoding, bom: false });
    }
  });

  it('is that of the byte order mark, even if the client declares another', async () => {
    const file = Buffer.concat([mark.utf8, Buffer.from('ä')]);
    expect(await decode(file, { charset: 'windows-1252' })).toEqual({
      text: 'ä',
      encoding: 'utf-8',
      bom: true,
    });
  });

  it('is UTF-16 without a mark from two characters on', async () => {
    expect(await decode(Buffer.from('ab', 'utf16le'))).toMatchObject({ text: 'ab', encoding: 'utf-16le' });
    expect(await decode(utf16be('ab'))).toMatchObject({ text: 'ab', encoding: 'utf-16be' });
    for (const short of ['a\0', 'a\0b', '\0a']) {
      expect(await decode(Buffer.from(short))).toMatchObject({ text: short, encoding: 'utf-8' });
    }
  });

  it.each([
    ['a foreign character soon', `${'a'.repeat(7)}€${'b'.repeat(9)}`],
    ['Chinese with few blanks', '错误 连接失败 数据库\n'.repeat(20)],
    ['Russian', 'источник,сообщение\nбилинг,ошибка входа\n'.repeat(20)],
  ])('is UTF-16 without a mark for %s', async (_name, text) => {
    expect(await decode(Buffer.from(text, 'utf16le'))).toMatchObject({ text, encoding: 'utf-16le' });
    expect(await decode(utf16be(text))).toMatchObject({ text, encoding: 'utf-16be' });
  });

  it.each([' ', '\t'])('is not a charset that is blank: %j', async (charset) => {
    expect((await decode(bytes([0xe9]), { charset })).encoding).toBe('windows-1252');
  });

  it('keeps a second byte order mark in the text', async () => {
    expect((await decode(Buffer.concat([mark.utf8, mark.utf8]))).text).toBe('\uFEFF');
  });
});

describe('bytes that cannot be decoded', () => {
  const long = `source,log_message\nä,${'x'.repeat(10_000)}\n`;
  const at = Buffer.byteLength(long);

  it.each([
    ['a bad byte after a multi-byte character', bytes(long, [0xff], 'x'), undefined, at],
    ['a Latin-1 letter after a multi-byte character', bytes(long, [0xe9], 'x'), undefined, at],
    ['a character cut off at the end', bytes(long, [0xf0, 0x9f, 0x98]), undefined, at],
    ['an overlong form', bytes(long, [0xe0, 0x80, 0x80]), undefined, at],
    ['an encoded surrogate', bytes(long, [0xed, 0xa0, 0x80]), undefined, at],
    ['a stray continuation byte', bytes(long, [0x80]), undefined, at],
    ['a bad byte after a mark', bytes([0xef, 0xbb, 0xbf], 'ab', [0xff]), undefined, 5],
    ['a bad byte in ASCII that is declared as UTF-8', bytes('ab', [0xe9], 'c'), 'utf-8', 2],
    ['UTF-16LE with an odd byte', bytes([0xff, 0xfe], [0x61, 0, 0x62]), undefined, 4],
    [
      'UTF-16LE with a lone high surrogate',
      bytes([0xff, 0xfe], [0x61, 0, 0x00, 0xd8, 0x61, 0]),
      undefined,
      4,
    ],
    ['UTF-16BE with a lone low surrogate', bytes([0xfe, 0xff], [0, 0x61, 0xdc, 0x00]), undefined, 4],
    ['UTF-16LE that ends in half a pair', bytes([0xff, 0xfe], [0x61, 0, 0x00, 0xd8]), undefined, 4],
  ])('are refused with their offset: %s', async (_name, file, charset, offset) => {
    for (const chunkBytes of [1, 4, 4096, 65_536]) {
      const problem = await problemOf(decode(file, { ...(charset && { charset }), chunkBytes }));
      expect(problem).toMatchObject({ code: 'encoding', place: { offset } });
      expect(problem.detail).toContain(`byte ${offset} `);
    }
  });

  it('are refused with their offset in other charsets', async () => {
    const problem = await problemOf(decode(bytes('abc', [0x93]), { charset: 'shift_jis' }));
    expect(problem).toMatchObject({ code: 'encoding', place: { offset: 3 } });
    expect((await problemOf(decode(bytes([0x93, 0x20, 0xff]), { charset: 'shift_jis' }))).place).toEqual({
      offset: 0,
      line: 1,
    });
  });

  it('are not searched if the charset is unknown: its name is refused', async () => {
    const problem = await problemOf(decode(Buffer.from('a'), { charset: 'klingon' }));
    expect(problem).toMatchObject({ code: 'encoding', place: {} });
    expect(problem.detail).toContain('"klingon"');
  });
});

describe('the sentence about bytes that cannot be decoded', () => {
  it('names encoding, byte, line and both ways out', async () => {
    const file = bytes('a\n'.repeat(2_500), 'bc', [0x93, 0xfa, 0x93, 0x20, 0xff]);
    for (const chunkBytes of [1, 7, 5_000, 65_536]) {
      const { detail, place } = await problemOf(decode(file, { charset: 'Shift_JIS', chunkBytes }));
      expect(place).toEqual({ offset: 5_004, line: 2_501 });
      expect(detail).toMatch(/shift_jis.* 5004 .*line 2501.*encoding=.*on_error=skip/);
    }
  });

  it('shows at most forty characters of an unknown charset', async () => {
    const shown = async (charset: string) => (await problemOf(decode(bytes('a'), { charset }))).detail;
    expect(await shown('k'.repeat(40))).toContain(`"${'k'.repeat(40)}"`);
    expect(await shown('k'.repeat(41))).toContain(`"${'k'.repeat(40)}…"`);
  });
});

describe('NUL characters', () => {
  it.each([
    ['at the start, as log rotation leaves them', bytes('\0'.repeat(100_001), 'a,b\n'), undefined, 'utf-8'],
    ['early', bytes('a,b\n', [0]), undefined, 'utf-8'],
    ['late', bytes('a,b\n'.repeat(5_000), [0]), undefined, 'utf-8'],
    ['under a charset', bytes('ab', [0]), 'shift_jis', 'shift_jis'],
    ['in UTF-16', bytes([0xff, 0xfe], [0x61, 0, 0, 0]), undefined, 'utf-16le'],
  ])('are kept in a text: %s', async (_name, file, charset, encoding) => {
    for (const chunkBytes of [100, 65_536]) {
      const decoded = await decode(file, { ...(charset && { charset }), chunkBytes });
      expect(decoded.encoding).toBe(encoding);
      expect(decoded.text).toBe(encoding === 'utf-16le' ? 'a\0' : file.toString('latin1'));
    }
  });

  it('are refused if there is nothing else', async () => {
    const problem = await problemOf(decode(Buffer.alloc(10_000)));
    expect(problem).toMatchObject({ code: 'not_text', detail: expect.stringMatching(/10000/) as string });
  });
});

describe('the source of bytes', () => {
  it('is read no further than needed, and closed with the text', async () => {
    const source = chunked(Buffer.alloc(1_000_000, 'a,b\n'), 4096);
    const { text } = await openText(source.bytes);
    expect(source.pulls).toBe(1);
    await text.next();
    await text.next();
    expect(source.pulls).toBe(2);
    await text.return();
    expect(source.ended).toBe(true);
  });

  it('is closed when the file is refused', async () => {
    const source = chunked(Buffer.from('%PDF-1.7 ...'.repeat(1000)), 100);
    expect(await problemOf(openText(source.bytes))).toMatchObject({ code: 'not_text' });
    expect(source.ended).toBe(true);
  });

  it('throws its own error', async () => {
    const broken = chunked(Buffer.from('a,b\n'.repeat(5000)), 4096);
    const { text } = await openText(broken.bytes);
    await text.next();
    await expect(broken.bytes.throw(new Error('connection lost'))).rejects.toThrow('connection lost');
    await expect(openText(failing())).rejects.toThrow('connection lost');
  });
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('a,b'));
  throw new Error('connection lost');
}
