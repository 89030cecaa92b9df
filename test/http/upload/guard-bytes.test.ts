import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import {
  guardBytes,
  orIncomplete,
  refuseDeclaredSize,
  type SizeLimit,
} from '../../../src/http/upload/guard-bytes.js';
import { UploadRate } from '../../../src/http/upload/upload-rate.js';

const LIMIT: SizeLimit = { maxBytes: 6, setting: 'MAX_UPLOAD_BYTES' };
const rate = () => new UploadRate({ minBytesPerS: 0, maxBehindMs: 60_000 });
const chunks = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)));

async function read(stream: Readable, onBytes?: (bytes: number) => void): Promise<string[]> {
  const read: string[] = [];
  for await (const chunk of guardBytes(stream, LIMIT, rate(), onBytes)) read.push(String(chunk));
  return read;
}

describe('The bytes of an upload', () => {
  it('are unchanged up to the limit, and each chunk is counted', async () => {
    const counted: number[] = [];
    expect(await read(chunks('ab', 'cdef'), (bytes) => counted.push(bytes))).toEqual(['ab', 'cdef']);
    expect(counted).toEqual([2, 4]);
  });

  it('are refused with the first byte above the limit, which is counted too', async () => {
    const counted = vi.fn();
    await expect(read(chunks('ab', 'cdefg', 'h'), counted)).rejects.toMatchObject({
      code: 'upload_too_large',
      message: 'The upload is larger than the limit of 6 bytes. Split the file, or raise MAX_UPLOAD_BYTES.',
    });
    expect(counted.mock.calls).toEqual([[2], [5]]);
  });

  it('leave the stream readable when the reader stops early', async () => {
    const stream = chunks('ab', 'cd');
    const bytes = guardBytes(stream, LIMIT, rate());
    expect(String((await bytes.next()).value)).toBe('ab');
    await bytes.return(undefined);
    const dropped: unknown[] = [];
    stream.on('data', (chunk) => dropped.push(chunk));
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    expect(dropped).toEqual([Buffer.from('cd')]);
  });

  it('end with upload_incomplete and the cause when the stream fails', async () => {
    const cause = new Error('reset');
    const stream = chunks('ab');
    stream.destroy(cause);
    await expect(read(stream)).rejects.toMatchObject({
      code: 'upload_incomplete',
      message: 'The upload ended before it was complete. Send it again.',
      cause,
    });
  });
});

describe('A read of the request', () => {
  it('keeps the errors of the form parser', async () => {
    const error = Object.assign(new Error('too many'), { code: 'FST_PARTS_LIMIT' });
    await expect(orIncomplete(Promise.reject(error))).rejects.toBe(error);
  });

  it.each([['ECONNRESET'], ['E_FST_'], [undefined]])(
    'that fails with %s is an incomplete upload',
    async (code) => {
      const error = Object.assign(new Error('gone'), { code });
      await expect(orIncomplete(Promise.reject(error), 'The form is incomplete.')).rejects.toMatchObject({
        code: 'upload_incomplete',
        message: 'The form is incomplete.',
      });
    },
  );
});

describe('A Content-Length', () => {
  it.each([
    [undefined, 0],
    ['6', 0],
    ['16', 10],
  ])('of %s is accepted if the limit is 6 bytes and the overhead is %i', (length, overhead) => {
    expect(() => refuseDeclaredSize(length, LIMIT, overhead)).not.toThrow();
  });

  it.each([
    ['7', 0],
    ['17', 10],
  ])('of %s is refused if the limit is 6 bytes and the overhead is %i', (length, overhead) => {
    expect(() => refuseDeclaredSize(length, LIMIT, overhead)).toThrow('larger than the limit of 6 bytes');
  });

  it('that is too large for JSON is answered with advice for JSON', () => {
    const limit: SizeLimit = { maxBytes: 5, setting: 'MAX_JSON_BYTES' };
    expect(() => refuseDeclaredSize('6', limit, 0)).toThrow(
      'Send fewer logs per request, send a CSV instead, or raise MAX_JSON_BYTES.',
    );
  });
});
