import fc from 'fast-check';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { unpacked, zip, zstdRaw } from './support.js';

const packers: Record<string, { pack: (content: Buffer) => Buffer; contentEncoding?: string }> = {
  gzip: { pack: (content) => gzipSync(content) },
  zlib: { pack: (content) => deflateSync(content), contentEncoding: 'deflate' },
  deflate: { pack: (content) => deflateRawSync(content), contentEncoding: 'deflate' },
  brotli: { pack: (content) => brotliCompressSync(content), contentEncoding: 'br' },
  zstd: { pack: (content) => zstdRaw(content) },
  zip: { pack: (content) => zip({ name: 'a.log', content }) },
  'gzip in zip': { pack: (content) => zip({ name: 'a.gz', content: gzipSync(content) }) },
};

it.each(Object.keys(packers))('any text comes out of %s as it was, wherever the chunks end', async (name) => {
  const { pack, contentEncoding } = packers[name] ?? { pack: (content: Buffer) => content };
  const texts = fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => `a,${text}`);
  await fc.assert(
    fc.asyncProperty(texts, fc.integer({ min: 1, max: 400 }), async (text, chunkBytes) => {
      const { content } = await unpacked(pack(Buffer.from(text)), { contentEncoding, chunkBytes });
      expect(content.toString()).toBe(text);
    }),
    { numRuns: 30 },
  );
});

it.each(Object.keys(packers))('%s that is cut off anywhere is refused', async (name) => {
  const { pack, contentEncoding } = packers[name] ?? { pack: (content: Buffer) => content };
  const packed = pack(Buffer.from('source,log_message\n'.repeat(20)));
  for (let length = 5; length < packed.length; length += 3) {
    await expect(unpacked(packed.subarray(0, length), { contentEncoding })).rejects.toMatchObject({
      code: 'unpack_failed',
    });
  }
});
