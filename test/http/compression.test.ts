import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { build } from '../support/app.js';

/** Labels a table of this many rows for a client with this Accept-Encoding. */
async function answerFor(encoding: string | undefined, rows: number) {
  const { app } = await build({ spoolMemoryBytes: 10_000 });
  const headers = {
    'content-type': 'text/csv',
    ...(encoding === undefined ? {} : { 'accept-encoding': encoding }),
  };
  const payload = `source,log_message\n${'A,one\n'.repeat(rows)}`;
  return await app.inject({ method: 'POST', url: '/classify', headers, payload });
}

const labelled = (rows: number) => `source,log_message,target_label\n${'A,one,<one>\n'.repeat(rows)}`;

describe('An answer', () => {
  it.each([
    ['gzip', 'gzip, deflate, br', gunzipSync],
    ['br', 'br', brotliDecompressSync],
    ['br', 'gzip;q=0.5, br', brotliDecompressSync],
  ])('is compressed with %s for Accept-Encoding %s', async (used, accepted, unpack) => {
    for (const rows of [500, 5_000]) {
      const response = await answerFor(accepted, rows);
      expect(response.headers['content-encoding']).toBe(used);
      expect(response.headers.vary).toContain('accept-encoding');
      expect(unpack(response.rawPayload).toString()).toBe(labelled(rows));
    }
  });

  it.each([undefined, 'identity', 'zstd', 'gzip;q=0'])(
    'is not compressed for Accept-Encoding %s',
    async (accepted) => {
      const response = await answerFor(accepted, 500);
      expect(response.headers['content-encoding']).toBeUndefined();
      expect(response.body).toBe(labelled(500));
    },
  );

  it('is not compressed if it is short', async () => {
    const response = await answerFor('gzip', 3);
    expect(response.headers['content-encoding']).toBeUndefined();
    expect(response.headers['content-length']).toBe(String(labelled(3).length));
  });
});
