import { open } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { isSmallUpload } from '../../src/http/upload/upload-slots.js';
import { build, form } from '../support/app.js';
import { deferred } from '../support/stub-classifier.js';
import { until } from '../support/until.js';

const LOG = { source: 'A', log_message: 'b' };
const csv = (rows: number, last = '') => ({
  method: 'POST' as const,
  url: '/classify',
  headers: { 'content-type': 'text/csv' },
  payload: `source,log_message\n${'A,b\n'.repeat(rows)}${last}`,
});
const json = (logs: number) => ({
  method: 'POST' as const,
  url: '/classify',
  payload: { logs: Array(logs).fill(LOG) },
});

describe('The slot of a request', () => {
  it.each([
    ['an upload that was answered', csv(100), 200],
    ['an upload that was refused', csv(100, 'ragged\n'), 400],
    ['JSON that was answered', json(100), 200],
  ])('is released after %s', async (_, request, status) => {
    const { app } = await build({ maxConcurrentUploads: 1 });
    expect((await app.inject(request)).statusCode).toBe(status);
    expect((await app.inject(csv(100))).statusCode).toBe(200);
  });

  it('is one of 500 slots for small requests, and is released after the answer', async () => {
    const { app, classifier } = await build({ maxConcurrentUploads: 1 });
    const { promise, resolve } = deferred();
    classifier.gate = promise;
    const answers = Array.from({ length: 500 }, (_, i) => app.inject(i % 2 === 0 ? json(1) : csv(1)));
    while (classifier.asked.length < 500) await new Promise(setImmediate);
    for (const request of [json(1), csv(1)]) {
      expect((await app.inject(request)).json()).toMatchObject({
        code: 'busy',
        detail: 'The server is already processing 500 uploads. Try again in a few seconds.',
      });
    }
    resolve();
    expect((await Promise.all(answers)).map(({ statusCode }) => statusCode)).toEqual(Array(500).fill(200));
    expect((await app.inject(json(1))).statusCode).toBe(200);
  });
});

describe('A small request', () => {
  it.each([
    ['gzip', '1f8b0800'],
    ['Zstandard', '28b52ffd'],
    ['Zstandard after a frame that is skipped', '5f2a4d1800000000'],
    ['a zip archive', '504b0304'],
    ['an empty zip archive', '504b0506'],
  ])('is not one that is packed: %s', (_, hex) => {
    expect(isSmallUpload(Buffer.from(hex, 'hex'), undefined)).toBe(false);
  });

  it('may begin like an archive', () => {
    expect(isSmallUpload(Buffer.from('PK,message\n1,a\n'), undefined)).toBe(true);
  });
});

describe('The memory and disk that answers use', () => {
  const largeAnswer = { ...csv(0), payload: `source,log_message\nA,${'b'.repeat(430)}\n` };

  it('is in memory up to MAX_CONCURRENT_UPLOADS × SPOOL_MEMORY_BYTES for all answers together', async () => {
    let opened = 0;
    const openSpoolFile = (path: string) => {
      opened += 1;
      return open(path, 'wx+');
    };
    const settings = { spoolMemoryBytes: 1_000, maxConcurrentUploads: 2 };
    const { app } = await build(settings, { openSpoolFile });
    const { promise, resolve } = deferred();
    let waiting = 0;
    app.addHook('onSend', async () => {
      waiting += 1;
      await promise;
    });
    const answers: Promise<{ statusCode: number }>[] = [];
    for (const files of [0, 0, 1]) {
      answers.push(app.inject(largeAnswer));
      await until(() => waiting === answers.length);
      expect(opened).toBe(files);
    }
    resolve();
    expect((await Promise.all(answers)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
  });

  it('is released when an upload is refused after a part of its answer was written', async () => {
    const { app } = await build({ spoolMaxBytes: 200_000 });
    for (let refused = 0; refused < 20; refused += 1) {
      expect((await app.inject(csv(3_000, 'ragged\n'))).statusCode).toBe(400);
    }
    expect((await app.inject(csv(3_000))).statusCode).toBe(200);
  });
});

describe('A request that brings some bytes now and then', () => {
  it.each([
    [
      'application/json',
      ['{"source":"A",', '"log_message":', '"one"', '}'],
      '{"results":[{"target_label":"<one>"',
    ],
    [
      'text/csv',
      ['source,', 'log_message\n', 'A,', 'one\n'],
      'source,log_message,target_label\nA,one,<one>\n',
    ],
  ])('is answered where no least pace is set: %s', async (type, pieces, answer) => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { app } = await build({ uploadMinBytesPerS: 0, uploadIdleTimeoutMs: 1_000 });
    const payload = new PassThrough();
    const headers = { 'content-type': type };
    const answered = app.inject({ method: 'POST', url: '/classify', headers, payload });
    for (const piece of pieces) {
      payload.write(piece);
      await until(() => payload.readableLength === 0);
      vi.advanceTimersByTime(900);
    }
    payload.end();
    expect((await answered).body).toContain(answer);
  });
});

describe('A form', () => {
  it('may exceed MAX_UPLOAD_BYTES by its text fields, while its file may not', async () => {
    const file = 'source,log_message\nA,b\n';
    const { app } = await build({ maxUploadBytes: file.length });
    const note = { field: 'note', value: 'x'.repeat(100_000) };
    const send = async (text: string) =>
      app.inject({ method: 'POST', url: '/classify', ...(await form(note, { file: text })) });
    expect((await send(file)).statusCode).toBe(200);
    expect((await send(`${file}\n`)).statusCode).toBe(413);
  });
});

describe('The priority of a request', () => {
  it.each([
    ['a small CSV', 'interactive', csv(1)],
    ['a large CSV', 'bulk', csv(100)],
    ['a single log', 'interactive', { ...json(1), payload: LOG }],
  ])('is for %s: %s', async (_, priority, request) => {
    const { app, classifier } = await build();
    await app.inject(request);
    expect(classifier.sessions.map((session) => session.priority)).toEqual([priority]);
  });
});

describe('A body', () => {
  it.each(['identity', 'Identity'])('with the Content-Encoding %s is accepted', async (encoding) => {
    const { app } = await build();
    const headers = { 'content-type': 'text/csv', 'content-encoding': encoding };
    expect((await app.inject({ ...csv(1), headers })).statusCode).toBe(200);
  });

  it.each([
    [{}, /^The request has no Content-Type\. Send a file as a form/],
    [{ 'content-type': 'Text/Html; a=b' }, /^text\/html is not supported\. Send a file as a form/],
  ])('with the headers %j is refused with advice how to send it', async (headers, detail) => {
    const { app } = await build();
    const answer = await app.inject({ method: 'POST', url: '/classify', headers });
    expect(answer.json<{ detail: string }>().detail).toMatch(detail);
  });
});
