import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, form } from '../support/app.js';

let spoolDir: string;
beforeAll(async () => {
  spoolDir = await mkdtemp(join(tmpdir(), 'spool-'));
});
afterAll(() => rm(spoolDir, { recursive: true }));

const text = (payload: string | Buffer, type = 'text/csv') => ({
  payload,
  headers: { 'content-type': type },
});
const HEAD = 'source,log_message\n';
const XLSX = Buffer.concat([
  Buffer.from('PK\x03\x04'),
  Buffer.alloc(26),
  Buffer.from('[Content_Types].xml xl/workbook.xml'),
]);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);

interface Case {
  name: string;
  send: { payload: string | Buffer | object; headers?: Record<string, string> } | ReturnType<typeof form>;
  query?: string;
  status: number;
  code: string;
  place?: object;
  detail?: RegExp;
}

const cases: Case[] = [
  {
    name: 'a form without a file',
    send: form(),
    status: 400,
    code: 'file_missing',
    detail: /curl -F file=@/,
  },
  {
    name: 'a form without a chosen file',
    send: form({ file: '', name: '', type: 'application/octet-stream' }),
    status: 400,
    code: 'file_missing',
    detail: /No file was chosen/,
  },
  {
    name: 'two files',
    send: form({ file: `${HEAD}A,b\n` }, { file: 'x' }),
    status: 400,
    code: 'file_several',
  },
  {
    name: 'the CSV in a text field',
    send: form({ field: 'file', value: HEAD }),
    status: 400,
    code: 'file_missing',
    detail: /only text fields \("file"\)/,
  },
  { name: 'an empty file', send: form({ file: '' }), status: 400, code: 'csv_empty' },
  { name: 'an empty body', send: text('\n \n'), status: 400, code: 'csv_empty' },
  {
    name: 'no column with a known name of a message',
    send: text('when,what happened\n1,it stopped\n'),
    status: 400,
    code: 'column_missing',
    detail: /"when", "what happened".*POST \/classify\/\?message_column=what%20happened/,
    place: { column: 'log_message', columns: ['when', 'what happened'], guess: 2 },
  },
  {
    name: 'an unknown column in a parameter',
    send: text('source,text\nA,b\n'),
    query: '?message_column=txt',
    status: 400,
    code: 'column_missing',
    detail: /no column "txt".*message_column=text/,
  },
  {
    name: 'a column name that appears twice',
    send: text('source,log_message,Source\n'),
    status: 400,
    code: 'column_duplicate',
  },
  {
    name: 'a row with too few cells',
    send: text(`${HEAD}A,b\nC\n`),
    status: 400,
    code: 'csv_malformed',
    detail: /Line 3 .*1 cell.*on_error=skip/,
    place: { line: 3 },
  },
  {
    name: 'a row with too many cells',
    send: text(`${HEAD}A,b\nA,b,c\n`),
    status: 400,
    code: 'csv_malformed',
    place: { line: 3 },
  },
  {
    name: 'an unclosed quote',
    send: text(`${HEAD}A,b\nA,"b\nC,d\n`),
    status: 400,
    code: 'csv_malformed',
    place: { line: 3 },
  },
  {
    name: 'a damaged Excel workbook',
    send: form({ file: XLSX, name: 'logs.csv' }),
    status: 400,
    code: 'unpack_failed',
  },
  { name: 'a PNG declared as CSV', send: text(PNG), status: 415, code: 'not_text' },
  { name: 'nothing but NUL bytes', send: text('\0\0\0'), status: 415, code: 'not_text' },
  {
    name: 'undecodable bytes',
    send: text(Buffer.from(`${HEAD}A,\xc3\xa9\nB,\xff\n`, 'latin1')),
    status: 400,
    code: 'encoding',
    place: { offset: 26 },
  },
  {
    name: 'urlencoded, as curl --data-binary sends',
    send: text(HEAD, 'application/x-www-form-urlencoded'),
    status: 415,
    code: 'media_type_unsupported',
    detail: /Content-Type: text\/csv/,
  },
  {
    name: 'another media type',
    send: text(HEAD, 'application/pdf'),
    status: 415,
    code: 'media_type_unsupported',
    detail: /Content-Type: text\/csv/,
  },
  {
    name: 'no media type',
    send: { payload: '' },
    status: 415,
    code: 'media_type_unsupported',
    detail: /Content-Type: text\/csv/,
  },
  {
    name: 'a malformed media type',
    send: text(HEAD, 'csv'),
    status: 415,
    code: 'media_type_unsupported',
    detail: /Content-Type: text\/csv/,
  },
  {
    name: 'a body that is not compressed as declared',
    send: { payload: 'x', headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' } },
    status: 400,
    code: 'unpack_failed',
    detail: /gzip/,
  },
  {
    name: 'an unknown compression',
    send: { payload: 'x', headers: { 'content-type': 'text/csv', 'content-encoding': 'compress' } },
    status: 415,
    code: 'media_type_unsupported',
    detail: /gzip, deflate, br, zstd/,
  },
  {
    name: 'a file that is too large when it is unpacked',
    send: form({ file: gzipSync(`${HEAD}${'A,b\n'.repeat(2000)}`) }),
    status: 413,
    code: 'unpacked_too_large',
    detail: /MAX_UNPACKED_BYTES/,
  },
  {
    name: 'gzip that is cut off',
    send: form({ file: gzipSync(`${HEAD}A,b\n`).subarray(0, -9) }),
    status: 400,
    code: 'unpack_failed',
    detail: /cut off/,
  },
  {
    name: 'a form with an endless boundary',
    send: text('x', `multipart/form-data; boundary=${'b'.repeat(300)}`),
    status: 400,
    code: 'upload_incomplete',
  },
  {
    name: 'a form whose file has an unknown charset',
    send: form({ file: `${HEAD}A,b\n`, type: 'text/csv; charset=banana' }),
    status: 400,
    code: 'encoding',
    detail: /banana/,
  },
  {
    name: 'a message over the limit in JSON',
    send: { payload: { logs: [{ source: 'A', log_message: 'b'.repeat(501) }] } },
    status: 413,
    code: 'cell_too_large',
    place: { path: 'logs.0.log_message' },
  },
  {
    name: 'JSON that does not parse',
    send: text('{"logs": [', 'application/json'),
    status: 400,
    code: 'json_invalid',
    detail: /line 1, byte 10/,
    place: { line: 1, offset: 10 },
  },
  {
    name: 'JSON of another shape',
    send: {
      payload: {
        logs: [
          { source: 'A', log_message: 'b' },
          { source: 'B', text: 'b' },
        ],
      },
    },
    status: 400,
    code: 'json_invalid',
    place: { path: 'logs.1.log_message' },
  },
  {
    name: 'a log without its message',
    send: { payload: { source: 'A' } },
    status: 400,
    code: 'json_invalid',
    place: { path: 'log_message' },
  },
  {
    name: 'an incomplete form',
    send: text(
      '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nsource,log_message\nA,b\n',
      'multipart/form-data; boundary=x',
    ),
    status: 400,
    code: 'upload_incomplete',
  },
  {
    name: 'a form without a boundary',
    send: text('x', 'multipart/form-data'),
    status: 400,
    code: 'upload_incomplete',
  },
  {
    name: 'a cell over the limit',
    send: text(`${HEAD}A,${'b'.repeat(501)}\n`),
    status: 413,
    code: 'cell_too_large',
    place: { line: 2 },
  },
  {
    name: 'a body over the limit',
    send: text(`${HEAD}${'A,b\n'.repeat(1000)}`),
    status: 413,
    code: 'upload_too_large',
    detail: /MAX_UPLOAD_BYTES/,
  },
  {
    name: 'a form’s file over the limit',
    send: form({ file: `${HEAD}${'A,b\n'.repeat(1000)}` }),
    status: 413,
    code: 'upload_too_large',
  },
  {
    name: 'a form’s nameless file over the limit',
    send: form({ file: `${HEAD}${'A,b\n'.repeat(1000)}`, name: '' }),
    status: 413,
    code: 'upload_too_large',
  },
  {
    name: 'a nameless file behind another file',
    send: form({ file: `${HEAD}A,b\n` }, { file: 'x', name: '' }),
    status: 400,
    code: 'file_several',
  },
  {
    name: 'JSON over the limit',
    send: { payload: { logs: Array(60).fill({ source: 'A', log_message: 'b' }) } },
    status: 413,
    code: 'upload_too_large',
    detail: /MAX_JSON_BYTES/,
  },
];

describe('POST /classify refuses', () => {
  it.each(cases)('$name', async ({ send, query = '', status, code, place = {}, detail = /./ }) => {
    const { app } = await build({
      maxUploadBytes: 2000,
      maxCellChars: 500,
      maxJsonBytes: 1900,
      maxUnpackedBytes: 4000,
      spoolDir,
      spoolMemoryBytes: 0,
    });
    const { payload, headers = {} } = await send;
    const response = await app.inject({ method: 'POST', url: `/classify/${query}`, payload, headers });
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(response.json()).toMatchObject({ type: 'about:blank', status, code, ...place });
    expect(response.json<{ detail: string }>().detail).toMatch(detail);
    expect(response.statusCode).toBe(status);
    expect(await readdir(spoolDir)).toEqual([]);
    const next = await app.inject({ method: 'POST', url: '/classify/', ...text(`${HEAD}A,b\n`) });
    expect(next.statusCode).toBe(200);
  });

  it('millions of invalid logs at the first one', async () => {
    const { app } = await build();
    const payload = `{"logs":[${Array(1_000_000).fill(1).join(',')}]}`;
    const headers = { 'content-type': 'application/json' };
    const response = await app.inject({ method: 'POST', url: '/classify', headers, payload });
    expect(response.json()).toMatchObject({ code: 'json_invalid', path: 'logs.0' });
  });

  it('an invalid value in the query', async () => {
    const { app } = await build();
    const response = await app.inject({ method: 'POST', url: '/classify?details=banana', ...text(HEAD) });
    expect(response.json()).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(response.json<{ detail: string }>().detail).toContain('details must be true or false');
  });

  it('with 507 if the disk is full, without a download header', async () => {
    const openSpoolFile = async (path: string) => {
      await (await open(path, 'wx')).close();
      return open('/dev/full', 'w');
    };
    const { app } = await build({ spoolDir, spoolMemoryBytes: 20 }, { openSpoolFile });
    const response = await app.inject({ method: 'POST', url: '/classify', ...text(`${HEAD}A,b\n`) });
    expect(response.json()).toMatchObject({ status: 507, code: 'disk_full' });
    expect(response.headers).not.toHaveProperty('content-disposition');
    expect(await readdir(spoolDir)).toEqual([]);
  });

  it('a request that accepts neither CSV nor JSON', async () => {
    const { app } = await build();
    const send = text(`${HEAD}A,b\n`);
    const response = await app.inject({
      method: 'POST',
      url: '/classify',
      ...send,
      headers: { ...send.headers, accept: 'image/png' },
    });
    expect(response.json()).toMatchObject({ status: 406, code: 'not_acceptable' });
  });

  it('with a page for browsers that escapes text from the file', async () => {
    const { app } = await build();
    const send = text('source,<script>alert(1)</script>\n');
    const headers = { ...send.headers, accept: 'text/html,*/*;q=0.8' };
    const response = await app.inject({ method: 'POST', url: '/classify/', ...send, headers });
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.body).toContain('&lt;script&gt;');
    expect(response.body).not.toContain('<script>');
  });
});

describe('Other requests', () => {
  it.each([
    ['GET', '/classify/', 405, 'method_not_allowed', 'HEAD, POST'],
    ['DELETE', '/labels', 405, 'method_not_allowed', 'GET, HEAD'],
    ['GET', '/nowhere', 404, 'not_found', undefined],
    ['GET', '/%zz', 400, 'request_invalid', undefined],
  ] as const)('%s %s is answered %i', async (method, url, status, code, allow) => {
    const { app } = await build();
    const response = await app.inject({ method, url });
    expect(response.json()).toMatchObject({ status, code });
    expect(response.statusCode).toBe(status);
    expect(response.headers.allow).toBe(allow);
  });

  it('to an unknown address get 404, whatever their body', async () => {
    const { app } = await build();
    const response = await app.inject({ method: 'POST', url: '/nowhere', ...text('{', 'application/json') });
    expect(response.json()).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('get a fixed text if the server fails, and the server continues', async () => {
    const { app, classifier } = await build();
    const works = classifier.label;
    classifier.label = () => {
      throw new Error('secret cause');
    };
    const response = await app.inject({
      method: 'POST',
      url: '/classify',
      payload: { source: 'A', log_message: 'b' },
    });
    expect(response.json()).toMatchObject({ status: 500, code: 'internal' });
    expect(response.body).not.toContain('secret');
    classifier.label = works;
    const next = await app.inject({
      method: 'POST',
      url: '/classify',
      payload: { source: 'A', log_message: 'b' },
    });
    expect(next.statusCode).toBe(200);
  });
});
