import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Connections } from '../../scripts/bench/hostile/connections.mjs';
import { keepTrying } from '../../scripts/bench/hostile/ordinary-upload.mjs';
import { post } from '../../scripts/bench/hostile/post.mjs';

const BODY = Buffer.from('source,log_message\n');
const busy = (response: ServerResponse) => response.writeHead(503, { 'retry-after': '1' }).end();
const done = (response: ServerResponse) => response.writeHead(200).end('ok');
const cut = (response: ServerResponse) => response.destroy();

/** A server that answers each request with the next of these, and later ones with the last. */
async function answering(...answers: ((response: ServerResponse) => void)[]): Promise<string> {
  const left = [...answers];
  const server = createServer((request, response) => {
    request.resume().once('end', () => (left.length > 1 ? left.shift() : left[0])?.(response));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('an ordinary client tries again after a 503 until it gets a 200', async () => {
  expect(await keepTrying(await answering(busy, done), BODY)).toMatchObject({ admitted: true, tries: 2 });
});

it('an ordinary client tries again after its connection was closed', async () => {
  expect(await keepTrying(await answering(cut, done), BODY)).toMatchObject({ admitted: true, tries: 2 });
});

it('an ordinary client gives up if Retry-After exceeds its time limit, and its wait counts as that limit', async () => {
  expect(await keepTrying(await answering(busy), BODY, 0.5)).toEqual({
    admitted: false,
    tries: 1,
    seconds: 0.5,
  });
});

it('a post has no status if its signal aborts it', async () => {
  const address = await answering(() => undefined);
  const stopper = new AbortController();
  const answer = post(address, { type: 'text/csv', body: BODY, signal: stopper.signal });
  stopper.abort();
  expect((await answer).status).toBeNull();
});

it('closeAll closes every socket of the hostile clients', async () => {
  const connections = new Connections(await answering(done));
  const sockets = [connections.open(), connections.open()];
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  const closed = sockets.map((socket) => once(socket, 'close'));
  connections.closeAll();
  await Promise.all(closed);
  expect(sockets.every(({ destroyed }) => destroyed)).toBe(true);
});
