import { readdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { unpack } from '../../../src/text/unpack/unpack.js';
import { chunked, problemOf } from '../../formats/csv/support.js';
import {
  collect,
  lines,
  options,
  unpackBytes,
  unpacked,
  zip,
  zstdOfLines,
  zstdRaw,
  type ZipFile,
} from './support.js';

const text = Buffer.from(lines);
const skippable = Buffer.concat([Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 5, 0, 0, 0]), Buffer.from('12345')]);
const one = (file: Partial<ZipFile> = {}) => ({ name: 'logs/app.csv', content: text, ...file });

describe('an upload comes out as it was', () => {
  it.each([
    ['plain', text, undefined, []],
    ['gzip', gzipSync(text), undefined, ['gzip']],
    [
      'gzip in two members',
      Buffer.concat([gzipSync(text.subarray(0, 99)), gzipSync(text.subarray(99))]),
      undefined,
      ['gzip'],
    ],
    ['gzip with zeros after it', Buffer.concat([gzipSync(text), Buffer.alloc(512)]), undefined, ['gzip']],
    ['declared gzip', gzipSync(text), 'X-Gzip', ['gzip']],
    ['deflate', deflateSync(text), 'deflate', ['deflate']],
    ['deflate without the header of zlib', deflateRawSync(text), 'deflate', ['deflate']],
    ['brotli', brotliCompressSync(text), 'br', ['br']],
    ['Zstandard', zstdOfLines, undefined, ['zstd']],
    ['declared Zstandard', zstdOfLines, 'zstd', ['zstd']],
    [
      'Zstandard in frames',
      Buffer.concat([skippable, zstdRaw(text.subarray(0, 1)), zstdRaw(text.subarray(1)), skippable]),
      undefined,
      ['zstd'],
    ],
    ['zip', zip(one()), undefined, ['zip']],
    ['zip without compression', zip(one({ method: 0 })), undefined, ['zip']],
    [
      'zip of macOS',
      zip({ name: 'a/', method: 0 }, one(), { name: '__MACOSX/a/._app.csv' }),
      undefined,
      ['zip'],
    ],
    ['gzip in gzip', gzipSync(gzipSync(text)), undefined, ['gzip', 'gzip']],
    ['gzip in brotli', brotliCompressSync(gzipSync(text)), 'br', ['br', 'gzip']],
    ['two encodings', brotliCompressSync(gzipSync(text)), 'gzip, br', ['br', 'gzip']],
    ['Zstandard in zip', zip(one({ content: zstdOfLines })), undefined, ['zip', 'zstd']],
    ['zip in zip', zip({ name: 'a.zip', content: zip(one()) }), undefined, ['zip', 'zip']],
    ['identity', text, 'identity', []],
    ['empty, though declared', Buffer.alloc(0), 'gzip', []],
  ])('%s', async (_name, file, contentEncoding, packings) => {
    const expected = file.length === 0 ? '' : lines;
    for (const chunkBytes of [1, 7, 65_536]) {
      const result = await unpacked(file, { contentEncoding, chunkBytes });
      expect(result.content.toString()).toBe(expected);
      expect(result).toMatchObject({ packings, truncated: false });
    }
  });

  it('with the name of the file inside', async () => {
    expect((await unpacked(zip(one()))).innerName).toBe('app.csv');
    const named = Buffer.concat([
      Buffer.from('1f8b08080000000000036d792e6c6f6700', 'hex'),
      gzipSync(text).subarray(10),
    ]);
    expect((await unpacked(named)).innerName).toBe('my.log');
    expect((await unpacked(gzipSync(text))).innerName).toBeUndefined();
  });

  it('as a file for random access, if it is a workbook', async () => {
    const book = zip({ name: '[Content_Types].xml' }, { name: 'xl/workbook.xml', content: text });
    for (const file of [book, gzipSync(book)]) {
      const result = await unpack(chunked(file).bytes, options);
      if (result.kind !== 'workbook') throw new Error('It is not a workbook.');
      const { buffer } = await result.file.read(Buffer.alloc(result.size), 0, result.size, 0);
      expect(buffer.equals(book)).toBe(true);
      await result.close();
      await expect(result.file.stat()).rejects.toThrow();
    }
  });
});

describe('an upload is refused', () => {
  const several = zip(...Array.from({ length: 7 }, (_, i) => ({ name: `${i}.log`, content: text })));
  it.each([
    [
      'an unknown encoding',
      text,
      'compress',
      'media_type_unsupported',
      /"compress".*gzip, deflate, br, zstd/,
    ],
    ['three encodings', text, 'gzip,gzip,br', 'media_type_unsupported', /more than two/],
    ['text that is declared as gzip', text, 'gzip', 'unpack_failed', /not gzip.*proxy/],
    ['text that is declared as Zstandard', text, 'zstd', 'unpack_failed', /not zstd/],
    ['text that is declared as brotli', text, 'br', 'unpack_failed', /damaged/],
    ['text that is declared as deflate', text, 'deflate', 'unpack_failed', /damaged/],
    ['a wrong checksum', spoilt(gzipSync(text), -6), undefined, 'unpack_failed', /damaged near byte \d+/],
    ['text after gzip', Buffer.concat([gzipSync(text), text]), undefined, 'unpack_failed', /damaged/],
    [
      'text after Zstandard',
      Buffer.concat([zstdOfLines, text]),
      undefined,
      'unpack_failed',
      /followed by other data/,
    ],
    [
      'gzip that is cut off',
      gzipSync(text).subarray(0, 500),
      undefined,
      'unpack_failed',
      /cut off.*byte 500/,
    ],
    ['brotli that is cut off', brotliCompressSync(text).subarray(0, 300), 'br', 'unpack_failed', /cut off/],
    [
      'Zstandard that is cut off',
      zstdOfLines.subarray(0, 500),
      undefined,
      'unpack_failed',
      /cut off.*byte 500/,
    ],
    [
      'a zip archive that is cut off',
      zip(one()).subarray(0, 900),
      undefined,
      'unpack_failed',
      /zip.*cut off/,
    ],
    ['a wrong checksum in zip', zip(one({ crc: 1 })), undefined, 'unpack_failed', /wrong checksum/],
    ['several files', several, undefined, 'unpack_failed', /7 files \(0.log, 1.log.*…\)\. Send one/],
    ['no file', zip(), undefined, 'unpack_failed', /no file in it/],
    ['an encrypted file', zip(one({ flags: 1 })), undefined, 'unpack_failed', /encrypted/],
    ['an unknown method', zip(one({ method: 14 })), undefined, 'unpack_failed', /method 14/],
    ['three layers', gzipSync(gzipSync(gzipSync(text))), undefined, 'unpack_failed', /more than 2 times/],
    ['a Word document', zip({ name: 'word/document.xml' }), undefined, 'not_text', /Word/],
  ])('with a clear sentence: %s', async (_name, file, contentEncoding, code, detail) => {
    for (const chunkBytes of [1, 65_536]) {
      const source = chunked(file, chunkBytes);
      const problem = await problemOf(
        unpackBytes(source.bytes, { contentEncoding }).then(({ bytes }) => drain(bytes)),
      );
      expect(problem.code).toBe(code);
      expect(problem.detail).toMatch(detail);
      expect(source.ended).toBe(true);
    }
  });

  it('gives what came before the cut, if bad data may be skipped', async () => {
    for (const file of [
      gzipSync(text, { level: 0 }).subarray(0, 5000),
      Buffer.concat([zstdRaw(text.subarray(0, 4000)), zstdRaw(text).subarray(0, 100)]),
      gzipSync(gzipSync(text, { level: 0 }), { level: 0 }).subarray(0, 5000),
    ]) {
      const result = await unpacked(file, { onError: 'skip' });
      expect(result.truncated).toBe(true);
      expect(result.content.length).toBeGreaterThan(3_900);
      expect(lines.startsWith(result.content.toString().slice(0, 3_900))).toBe(true);
    }
  });

  it('fails if nothing came before the cut, so that the file is not called empty', async () => {
    const file = zstdRaw(Buffer.from('Disk full\n'.repeat(100))).subarray(0, 500);
    expect((await problemOf(unpacked(file, { onError: 'skip' }))).detail).toMatch(/cut off/);
  });

  it('still fails at damage, if bad data may be skipped', async () => {
    const file = spoilt(gzipSync(text), 300);
    expect((await problemOf(unpacked(file, { onError: 'skip' }))).code).toBe('unpack_failed');
  });
});

describe('the source and the temporary file', () => {
  it.each([
    ['gzip', gzipSync(Buffer.alloc(1_000_000, lines), { level: 0 })],
    ['Zstandard', Buffer.concat(Array.from({ length: 50 }, () => zstdRaw(Buffer.alloc(20_000, lines))))],
    ['plain', Buffer.alloc(1_000_000, lines)],
  ])('are closed when the reader returns early: %s', async (_name, file) => {
    for (const reads of [0, 1]) {
      const source = chunked(file, 4096);
      const { bytes } = await unpackBytes(source.bytes);
      for (let i = 0; i < reads; i++) await bytes.next();
      await bytes.return(undefined);
      expect(source.ended).toBe(true);
      expect(source.pulls).toBeLessThan(40);
    }
  });

  it('are freed when the reader of an archive returns early, reads all, or meets an error', async () => {
    const tempDir = await mkdtemp(join(tmpdir(), 'unpack-'));
    const large = { name: 'a.log', content: Buffer.alloc(500_000, lines) };
    const before = openFiles();
    for (const work of [
      async () => (await unpackBytes(chunked(zip(large)).bytes, { tempDir })).bytes.return(undefined),
      async () => unpacked(zip(large), { tempDir }),
      async () => problemOf(unpacked(zip({ ...large, crc: 1 }), { tempDir })),
      async () => problemOf(unpacked(zip(large, large), { tempDir })),
    ]) {
      await work();
      expect(readdirSync(tempDir)).toEqual([]);
      expect(openFiles()).toBe(before);
    }
  });

  it('pass the error of the source on', async () => {
    const packed = gzipSync(text, { level: constants.Z_BEST_SPEED });
    for (const length of [0, 100, 1000]) {
      const { bytes, error } = failing(packed.subarray(0, length));
      await expect(unpacked2(bytes)).rejects.toBe(error);
    }
  });

  it('say so when the disk is full', async () => {
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    const problem = await problemOf(unpacked(zip(one()), { openFile: () => Promise.reject(full) }));
    expect(problem.code).toBe('disk_full');
  });
});

const openFiles = (): number => readdirSync('/proc/self/fd').length;

async function unpacked2(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await drain((await unpackBytes(bytes)).bytes);
}

function failing(before: Uint8Array): { bytes: AsyncIterable<Uint8Array>; error: Error } {
  const error = new Error('connection lost');
  return { bytes: pull(), error };
  async function* pull(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(before);
    throw error;
  }
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await collect(bytes);
}

function spoilt(file: Buffer, at: number): Buffer {
  const copy = Buffer.from(file);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 0xff;
  return copy;
}
