import { describe, expect, it } from 'vitest';
import { build } from '../support/app.js';
import { deferred } from '../support/stub-classifier.js';

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

describe('The place of a request', () => {
  it.each([
    ['an upload that was answered', csv(100), 200],
    ['an upload that was refused', csv(100, 'ragged\n'), 400],
    ['JSON that was answered', json(100), 200],
  ])('is free again after %s', async (_, request, status) => {
    const { app } = await build({ maxConcurrentUploads: 1 });
    expect((await app.inject(request)).statusCode).toBe(status);
    expect((await app.inject(csv(100))).statusCode).toBe(200);
  });

  it('is one of five hundred for small requests, which are free again too', async () => {
    const { app, classifier } = await build({ maxConcurrentUploads: 1 });
    const { promise, resolve } = deferred();
    classifier.gate = promise;
    const answers = Array.from({ length: 500 }, (_, i) => app.inject(i % 2 === 0 ? json(1) : csv(1)));
    while (classifier.asked.length < 500) await new Promise(setImmediate);
    for (const request of [json(1), csv(1)]) {
      expect((await app.inject(request)).json()).toMatchObject({
        code: 'busy',
        detail: '500 uploads are being worked on. Try again in a few seconds.',
      });
    }
    resolve();
    expect((await Promise.all(answers)).map(({ statusCode }) => statusCode)).toEqual(Array(500).fill(200));
    expect((await app.inject(json(1))).statusCode).toBe(200);
  });
});

describe('The work of a request', () => {
  it.each([
    ['a small CSV', csv(1), 'bulk'],
    ['a large CSV', csv(100), 'bulk'],
    ['a single log', { ...json(1), payload: LOG }, 'interactive'],
  ])('is for %s done with its priority', async (_, request, priority) => {
    const { app, classifier } = await build();
    await app.inject(request);
    expect(classifier.sessions.map((session) => session.priority)).toEqual([priority]);
  });
});

describe('A body', () => {
  it.each(['identity', 'Identity'])('with the Content-Encoding %s is not compressed', async (encoding) => {
    const { app } = await build();
    const headers = { 'content-type': 'text/csv', 'content-encoding': encoding };
    expect((await app.inject({ ...csv(1), headers })).statusCode).toBe(200);
  });

  it.each([
    [{}, /^A request without a Content-Type is not taken here\. Send a CSV/],
    [{ 'content-type': 'Text/Plain; a=b' }, /^text\/plain is not taken here\. Send a CSV/],
  ])('of the headers %j is told how to send it', async (headers, detail) => {
    const { app } = await build();
    const answer = await app.inject({ method: 'POST', url: '/classify', headers });
    expect(answer.json<{ detail: string }>().detail).toMatch(detail);
  });
});
