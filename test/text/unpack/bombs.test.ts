import { brotliCompressSync, constants, createGzip, gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { chunked, problemOf } from '../../formats/csv/support.js';
import { UnpackMeter } from '../../../src/text/unpack/unpack-meter.js';
import { unzstd } from '../../../src/text/unpack/zstd-layer.js';
import { collect, unpackBytes, unpacked, zip, zstdBlock, zstdHeader, zstdZeros } from './support.js';

const MIB = 1024 * 1024;
const gibOfZeros = (): Readable => Readable.from(Array.from({ length: 1024 }, () => Buffer.alloc(MIB)));
/** Reads all, and measures what it costs beyond what it gives. */
async function swallow(upload: AsyncIterable<Uint8Array>, maxUnpackedBytes = 2 ** 31) {
  const start = process.memoryUsage().rss;
  const seen = { bytes: 0, memory: 0, delay: 0, end: false };
  const watch = (async () => {
    while (!seen.end) {
      const before = performance.now();
      await delay(5);
      seen.delay = Math.max(seen.delay, performance.now() - before - 5);
    }
  })();
  const problem = await problemOf(
    unpackBytes(upload, { maxUnpackedBytes }).then(async ({ bytes }) => {
      for await (const piece of bytes) {
        seen.bytes += piece.length;
        seen.memory = Math.max(seen.memory, process.memoryUsage().rss - start);
      }
    }),
  );
  seen.end = true;
  await watch;
  return { problem, ...seen };
}

describe('a bomb is refused soon, without much memory', () => {
  it.each([
    ['gzip', () => gibOfZeros().pipe(createGzip({ level: 9 })), 2 ** 31],
    ['gzip below any suspicious ratio', () => gibOfZeros().pipe(createGzip({ level: 9 })), 15 * MIB],
    ['gzip in gzip', () => gibOfZeros().pipe(createGzip()).pipe(createGzip()), 2 ** 31],
    ['Zstandard', () => Readable.from(zstdZeros(16_384)), 2 ** 31],
    ['zip', () => chunked(zip({ name: 'a.log', content: Buffer.alloc(200 * MIB) })).bytes, 2 ** 31],
  ])('%s', async (_name, bomb, maxUnpackedBytes) => {
    const { problem, bytes, memory, delay: blocked } = await swallow(bomb(), maxUnpackedBytes);
    expect(problem.code).toBe('unpacked_too_large');
    expect(problem.detail).toMatch(maxUnpackedBytes === 2 ** 31 ? /suspicious/ : /MAX_UNPACKED_BYTES/);
    expect(bytes).toBeLessThan(85 * MIB);
    expect(memory).toBeLessThan(120 * MIB);
    expect(blocked).toBeLessThan(500);
  });

  it('brotli', async () => {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 1 };
    const packed = brotliCompressSync(Buffer.alloc(128 * MIB), { params });
    const { bytes } = await unpackBytes(chunked(packed).bytes, { contentEncoding: 'br' });
    expect((await problemOf(drain(bytes))).code).toBe('unpacked_too_large');
  });
});

describe('a log file that repeats itself is no bomb', () => {
  it('at the ratio of one line that is always the same', async () => {
    const content = Buffer.from('ERROR connection refused db1:5432\n'.repeat(600_000));
    const packed = gzipSync(content);
    expect(content.length / packed.length).toBeGreaterThan(300);
    expect((await unpacked(packed)).content.length).toBe(content.length);
  });

  it('at a ratio of a hundred', async () => {
    const line = '2024-01-01 00:00:00 web-01 sshd[1]: Accepted publickey for root from 10.0.0.1 port 22\n';
    const content = Buffer.from(
      Array.from({ length: 900_000 }, (_, i) => (i % 7 === 0 ? `${i % 5000}` : '') + line).join(''),
    );
    const packed = gzipSync(content);
    expect(content.length / packed.length).toBeGreaterThan(60);
    expect((await unpacked(packed)).content.length).toBe(content.length);
  });
});

describe('Zstandard that is crafted against its decoder is refused', () => {
  const block = (head: Buffer, content: Uint8Array): Buffer => Buffer.concat([head, content]);
  it.each([
    ['a window of 1 GiB', zstdHeader(20), /window of 1024 MiB/],
    ['a window of all bits', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xff]), /window/],
    ['a content of 2^63 bytes as window', Buffer.from('28b52ffde00000000000000080', 'hex'), /window/],
    ['a dictionary', Buffer.from('28b52ffd015007', 'hex'), /dictionary/],
    ['an unknown kind of block', block(zstdBlock(3, 1, true), Buffer.from([0])), /invalid block/],
    ['a block of 2 MiB', block(zstdBlock(1, 2_000_000, true), Buffer.from([0])), /invalid block/],
    ['a compressed block of nonsense', block(zstdBlock(2, 9, true), Buffer.from('nonsense!')), /damaged/],
  ])('%s', async (_name, file, detail) => {
    const whole =
      file[0] === 0x28 ? Buffer.concat([file, Buffer.alloc(20)]) : Buffer.concat([zstdHeader(), file]);
    for (const chunkBytes of [1, 1000]) {
      const problem = await problemOf(unpacked(whole, { chunkBytes }));
      expect(problem.code).toBe('unpack_failed');
      expect(problem.detail).toMatch(detail);
    }
  });

  it('tables that make the decoder loop for ever', async () => {
    // The weights of the Huffman tree are coded with one symbol of all probability: no bit is ever read.
    const literals = [0x02, 0x40, 0x04, 12, 0xf0, 0x03, ...Array<number>(9).fill(0xff), 0x01, 0, 0, 0, 0, 0];
    const file = block(
      Buffer.concat([zstdHeader(), zstdBlock(2, literals.length, true)]),
      Buffer.from(literals),
    );
    const pieces = unzstd(chunked(file).bytes, new UnpackMeter(MIB), 300);
    expect((await problemOf(drain(pieces))).detail).toMatch(/takes too long/);
  });

  it('millions of empty blocks', async () => {
    const blocks = Buffer.concat(Array.from({ length: 20_000 }, () => zstdBlock(0, 0, false)));
    const problem = await problemOf(unpacked(Buffer.concat([zstdHeader(13), blocks])));
    expect(problem.detail).toMatch(/tiny blocks/);
  });
});

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await collect(bytes);
}

describe('a zip archive of very many files is refused soon', () => {
  it.each([
    ['short names', 6_000, 1, /more than 5,000 entries/],
    ['long names', 100, 20_000, /list of files in the zip archive is too large/],
  ])('with %s', async (_name, files, length, detail) => {
    const content = Buffer.from('a');
    const archive = zip(
      ...Array.from({ length: files }, (_, i) => ({ name: `${'n'.repeat(length)}${i}`, content })),
    );
    const { problem, delay: blocked } = await swallow(chunked(archive).bytes);
    expect(problem.code).toBe('unpack_failed');
    expect(problem.detail).toMatch(detail);
    expect(blocked).toBeLessThan(250);
  });
});
