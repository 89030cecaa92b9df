import { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import {
  guardBytes,
  refuseDeclaredSize,
  unbroken,
  type SizeLimit,
} from '../../../src/http/upload/guard-bytes.js';
import { UploadPace } from '../../../src/http/upload/upload-pace.js';

const LIMIT: SizeLimit = { maxBytes: 6, setting: 'MAX_UPLOAD_BYTES' };
const pace = () => new UploadPace({ minBytesPerS: 0, maxBehindMs: 60_000 });
const chunks = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)));

async function read(stream: Readable, moved?: (bytes: number) => void): Promise<string[]> {
  const read: string[] = [];
  for await (const chunk of guardBytes(stream, LIMIT, pace(), moved)) read.push(String(chunk));
  return read;
}

describe('The bytes of an upload', () => {
  it('come as they were sent up to the limit, and each chunk is told of', async () => {
    const moved: number[] = [];
    expect(await read(chunks('ab', 'cdef'), (bytes) => moved.push(bytes))).toEqual(['ab', 'cdef']);
    expect(moved).toEqual([2, 4]);
  });

  it('are refused with the first byte past the limit, which is told of too', async () => {
    const moved = vi.fn();
    await expect(read(chunks('ab', 'cdefg', 'h'), moved)).rejects.toMatchObject({
      code: 'upload_too_large',
      message:
        'The upload is larger than the 6 bytes allowed here. Split the file, or raise MAX_UPLOAD_BYTES.',
    });
    expect(moved.mock.calls).toEqual([[2], [5]]);
  });

  it('can be dropped by others once the reader has stopped', async () => {
    const stream = chunks('ab', 'cd');
    const bytes = guardBytes(stream, LIMIT, pace());
    expect(String((await bytes.next()).value)).toBe('ab');
    await bytes.return(undefined);
    const dropped: unknown[] = [];
    stream.on('data', (chunk) => dropped.push(chunk));
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    expect(dropped).toEqual([Buffer.from('cd')]);
  });

  it('end with upload_incomplete and the cause when the stream breaks off', async () => {
    const cause = new Error('reset');
    const stream = chunks('ab');
    stream.destroy(cause);
    await expect(read(stream)).rejects.toMatchObject({
      code: 'upload_incomplete',
      message: 'The upload broke off before its end.',
      cause,
    });
  });
});

describe('A read of the request', () => {
  it('keeps the errors of the form’s parser, which say more', async () => {
    const error = Object.assign(new Error('too many'), { code: 'FST_PARTS_LIMIT' });
    await expect(unbroken(Promise.reject(error))).rejects.toBe(error);
  });

  it.each([['ECONNRESET'], ['E_FST_'], [undefined]])('that fails with %s broke off', async (code) => {
    const error = Object.assign(new Error('gone'), { code });
    await expect(unbroken(Promise.reject(error), 'The form broke off.')).rejects.toMatchObject({
      code: 'upload_incomplete',
      message: 'The form broke off.',
    });
  });
});

describe('A Content-Length', () => {
  it.each([
    [undefined, 0],
    ['6', 0],
    ['16', 10],
  ])('of %s is taken where the limit is 6 bytes and a form adds %i', (length, overhead) => {
    expect(() => refuseDeclaredSize(length, LIMIT, overhead)).not.toThrow();
  });

  it.each([
    ['7', 0],
    ['17', 10],
  ])('of %s is refused where the limit is 6 bytes and a form adds %i', (length, overhead) => {
    expect(() => refuseDeclaredSize(length, LIMIT, overhead)).toThrow('larger than the 6 bytes');
  });

  it('of JSON that is too large is answered with what helps for JSON', () => {
    const limit: SizeLimit = { maxBytes: 5, setting: 'MAX_JSON_BYTES' };
    expect(() => refuseDeclaredSize('6', limit, 0)).toThrow(
      'Send fewer logs a request, or a CSV, or raise MAX_JSON_BYTES.',
    );
  });
});
