import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createBoundedFetch } from '../../../src/classifier/llm/bounded-fetch.js';
import { LlmFailure } from '../../../src/classifier/llm/llm-failure.js';

/** Fetches this response from a server, with a limit of ten bytes. */
async function fetchFrom(status: number, body: string): Promise<Response> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'x-kept': 'yes' });
    response.end(body);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return createBoundedFetch(10)(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

it('returns a body within the limit, with status and headers', async () => {
  const response = await fetchFrom(404, '0123456789');
  expect([response.status, response.headers.get('x-kept')]).toEqual([404, 'yes']);
  expect(await response.text()).toBe('0123456789');
});

it('fails when the body has one byte more than the limit', async () => {
  const response = await fetchFrom(200, '0123456789a');
  await expect(response.text()).rejects.toMatchObject(new LlmFailure('answer-too-large'));
});

it('returns a response without a body unchanged', async () => {
  const response = await fetchFrom(204, '');
  expect([response.status, response.body]).toEqual([204, null]);
});
