import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { abortedWith } from '../../src/http/client-gone.js';
import { sendRaw } from '../support/raw-client.js';

const REQUESTS = 20;
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

/** What a connection with many pipelined requests leads to: each request, its answer and its signal. */
async function pipelined(requests = GET.repeat(REQUESTS)) {
  const received: { request: IncomingMessage; response: ServerResponse; signal: AbortSignal }[] = [];
  const server = createServer((request, response) => {
    received.push({ request, response, signal: abortedWith(request, response) });
    if (received.length === REQUESTS) server.emit('all received');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const allReceived = once(server, 'all received');
  const client = await sendRaw((server.address() as AddressInfo).port, requests);
  await allReceived;
  return { received, client, closed: once(received[0]?.request.socket ?? server, 'close') };
}

it('twenty pipelined requests need no more listeners on their socket than one, and print no warning', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  const { received } = await pipelined();
  const counts = received.map(({ request }) => request.socket.listenerCount('close'));
  expect(new Set(counts).size).toBe(1);
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
});

it('all pipelined requests hear that their client has gone', async () => {
  const { received, client, closed } = await pipelined();
  expect(received.filter(({ signal }) => signal.aborted)).toEqual([]);
  client.destroy();
  await closed;
  expect(received.filter(({ signal }) => signal.aborted)).toHaveLength(REQUESTS);
  expect(received[0]?.signal.reason).toMatchObject({ code: 'upload_incomplete' });
});

it('requests whose answers were sent hear nothing when the connection closes later', async () => {
  const last = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  const { received, client, closed } = await pipelined(GET.repeat(REQUESTS - 1) + last);
  for (const { response } of received) response.end('answer');
  await buffer(client);
  await closed;
  expect(received.filter(({ signal }) => signal.aborted)).toEqual([]);
});

it('a request of a connection that has already closed is aborted at once', async () => {
  const { received, client, closed } = await pipelined();
  client.destroy();
  await closed;
  const [first] = received;
  if (!first) throw new Error('No request came.');
  expect(abortedWith(first.request, first.response).aborted).toBe(true);
});
