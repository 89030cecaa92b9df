import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it, vi } from 'vitest';
import { openBodyUpload } from '../../../src/http/upload/upload.js';
import { UploadRate } from '../../../src/http/upload/upload-rate.js';
import { build, form } from '../../support/app.js';

const CSV = 'source,log_message\nA,one\n';
const FILE = { file: CSV };
const UNCHOSEN = { file: '', name: '', type: 'application/octet-stream' };
const NOTE = { field: 'note', value: 'hello' };
const ADVICE = 'Send it as the form field "file", for example: curl -F file=@logs.csv';

async function post(
  sent: { payload: string | Buffer; headers: Record<string, string> },
  maxUploadBytes = 1000,
) {
  const { app } = await build({ maxUploadBytes });
  return app.inject({ method: 'POST', url: '/classify', ...sent });
}
const labelled = (csv: string) =>
  csv.replace('log_message', 'log_message,target_label').replace('one', 'one,<one>');

describe('A form', () => {
  it.each([
    ['text fields', [NOTE, NOTE, FILE, NOTE]],
    ['empty file inputs', [UNCHOSEN, FILE, UNCHOSEN, UNCHOSEN]],
  ])('may have %s before and after its file', async (_, parts) => {
    const answer = await post(await form(...parts));
    expect([answer.statusCode, answer.body]).toEqual([200, labelled(CSV)]);
  });

  it.each([
    ['nothing', [], `The form contains no file. ${ADVICE}`],
    ['an empty file input', [NOTE, UNCHOSEN], `No file was chosen. ${ADVICE}`],
    [
      'text fields, one of them with a long name',
      [NOTE, { field: 'n'.repeat(101), value: CSV }],
      `The form contains only text fields ("note", "${'n'.repeat(100)}"), but the log lines must be a file. ${ADVICE}`,
    ],
  ])('with %s is refused with advice what to send', async (_, parts, detail) => {
    const answer = await post(await form(...parts));
    expect(answer.json()).toMatchObject({ status: 400, code: 'file_missing', detail });
  });

  it.each([
    ['a file', FILE],
    ['an empty file with a name', { file: '' }],
    ['a file without a name', { file: 'x', name: '' }],
  ])('with %s behind the file, and text fields between them, is refused', async (_, second) => {
    const answer = await post(await form(FILE, NOTE, UNCHOSEN, second));
    expect(answer.json()).toMatchObject({
      code: 'file_several',
      detail: 'The form contains several files. Send one file per request.',
    });
  });

  it.each([
    ['before its file', '--b\r\nContent-Disposition: form-data; name="n"\r\n\r\nx'],
    ['in its file', `--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n${CSV}`],
    [
      'after its file',
      `--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n${CSV}\r\n--b\r\n`,
    ],
  ])('that ends %s is refused', async (_, payload) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' };
    const answer = await post({ payload, headers });
    expect(answer.json()).toMatchObject({ status: 400, code: 'upload_incomplete' });
    expect(answer.json<{ detail: string }>().detail).toMatch(/upload ended before it was complete/);
  });
});

describe('A file', () => {
  const file = `${CSV}${' '.repeat(100 - CSV.length)}`;

  it.each([
    ['with a name', 'logs.csv'],
    ['without a name', ''],
  ])('%s may have MAX_UPLOAD_BYTES bytes and not one more', async (_, name) => {
    const fits = await post(await form({ file, name }), 100);
    expect(fits.statusCode).toBe(200);
    const tooLarge = await post(await form({ file: `${file} `, name }), 100);
    expect(tooLarge.json()).toMatchObject({ status: 413, code: 'upload_too_large' });
    expect(tooLarge.json<{ detail: string }>().detail).toContain('the limit of 100 bytes');
  });

  it('sent as the body counts each byte for the rate', async () => {
    const rate = new UploadRate({ minBytesPerS: 0, maxBehindMs: 60_000 });
    const count = vi.spyOn(rate, 'count');
    const raw = Readable.from([Buffer.from('ab'), Buffer.from('cde')]);
    const request = {
      raw,
      headers: { 'content-type': 'text/csv; charset=latin1' },
    } as unknown as FastifyRequest;
    const upload = openBodyUpload(request, { maxBytes: 5, setting: 'MAX_UPLOAD_BYTES' }, rate);
    for await (const chunk of upload.bytes) expect(chunk.length).toBeGreaterThan(1);
    await upload.finish();
    expect([upload.fileName, upload.charset]).toEqual([undefined, 'latin1']);
    expect(count.mock.calls).toEqual([[2], [3]]);
  });

  it('sent as the body may have MAX_UPLOAD_BYTES bytes and not one more', async () => {
    const headers = { 'content-type': 'text/csv' };
    expect((await post({ payload: file, headers }, 100)).statusCode).toBe(200);
    expect((await post({ payload: `${file} `, headers }, 100)).statusCode).toBe(413);
  });
});
