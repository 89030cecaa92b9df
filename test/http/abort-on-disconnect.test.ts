import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { abortOnDisconnect } from '../../src/http/abort-on-disconnect.js';
import { createBoundedServer } from '../../src/http/connections.js';
import { sendRaw } from '../support/raw-client.js';

const REQUESTS = 20;
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const LAST = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
const LIMITS = {
  maxConnections: 10,
  answerRate: { minBytesPerS: 1, maxBehindMs: 60_000 },
  answerTimeoutMs: 60_000,
};

/** Sends 20 pipelined requests. Each is recorded with its signal and passed to `answer`. */
async function pipelined(answer: (response: ServerResponse) => void) {
  const received: { request: IncomingMessage; response: ServerResponse; signal: AbortSignal }[] = [];
  const server = createBoundedServer(
    (request, response) => {
      received.push({ request, response, signal: abortOnDisconnect(request, response).signal });
      answer(response);
    },
    {},
    LIMITS,
  ).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const begun = once(server, 'request');
  const client = await sendRaw((server.address() as AddressInfo).port, GET.repeat(REQUESTS - 1) + LAST);
  await begun;
  return { received, client };
}

it('does not abort answered requests, and 20 of them print no listener warning', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  const { received, client } = await pipelined((response) => void response.end('answer'));
  await buffer(client);
  expect(received.map(({ signal }) => signal.aborted)).toEqual(Array(REQUESTS).fill(false));
  expect(warnings).toEqual([]);
});

it('aborts the current request when the client disconnects, and starts no other', async () => {
  const { received, client } = await pipelined(() => undefined);
  const [first] = received;
  if (!first) throw new Error('No request came.');
  expect(first.signal.aborted).toBe(false);
  const closed = once(first.response, 'close');
  client.destroy();
  await closed;
  expect(first.signal.reason).toMatchObject({
    code: 'upload_incomplete',
    message: 'The client closed the connection.',
  });
  expect(received).toHaveLength(1);
  expect(abortOnDisconnect(first.request, first.response).signal.aborted).toBe(true);
});
