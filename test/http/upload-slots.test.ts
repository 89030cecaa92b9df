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

  it('is one of 500 for small requests, which are released too', async () => {
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

describe('The priority of a request', () => {
  it.each([
    ['a small CSV', 'bulk', csv(1)],
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
    [{}, /^The request has no Content-Type\. Send a CSV/],
    [{ 'content-type': 'Text/Plain; a=b' }, /^text\/plain is not supported\. Send a CSV/],
  ])('with the headers %j is refused with advice how to send it', async (headers, detail) => {
    const { app } = await build();
    const answer = await app.inject({ method: 'POST', url: '/classify', headers });
    expect(answer.json<{ detail: string }>().detail).toMatch(detail);
  });
});
