import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { abortedWith } from '../../src/http/client-gone.js';
import { until } from '../support/until.js';

const ASK = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
  signal: AbortSignal;
}

/** A server that answers nothing by itself, and a connection to it. */
async function connected(): Promise<{ asked: Asked[]; socket: Socket }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    asked.push({ request, response, signal: abortedWith(request, response) });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  return { asked, socket };
}

it('aborts all that wait on a connection when it closes, pipelined requests too', async () => {
  const { asked, socket } = await connected();
  socket.write(ASK.repeat(3));
  await until(() => asked.length === 3);
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([false, false, false]);
  socket.destroy();
  await until(() => asked.every(({ signal }) => signal.aborted));
  for (const { signal } of asked) expect(signal.reason).toMatchObject({ code: 'upload_incomplete' });
});

it('aborts at once when the connection has closed already', async () => {
  const { asked, socket } = await connected();
  socket.write(ASK);
  await until(() => asked.length === 1);
  const [{ request, response } = {} as Asked] = asked;
  socket.destroy();
  await until(() => request.socket.destroyed);
  expect(abortedWith(request, response).aborted).toBe(true);
});

it('aborts nothing that has been answered', async () => {
  const { asked, socket } = await connected();
  socket.write(ASK);
  await until(() => asked.length === 1);
  const [{ request, response, signal } = {} as Asked] = asked;
  response.end('done');
  await once(socket, 'data');
  socket.destroy();
  await until(() => request.socket.destroyed);
  await new Promise(setImmediate);
  expect(signal.aborted).toBe(false);
});

it('leaves nothing on a connection whose requests have been answered', async () => {
  const { asked, socket } = await connected();
  const listeners: number[] = [];
  for (const count of [1, 2, 3]) {
    socket.write(ASK);
    await until(() => asked.length === count);
    const { request, response } = asked.at(-1) ?? ({} as Asked);
    response.end('done');
    await until(() => response.destroyed || response.closed);
    listeners.push(request.socket.listenerCount('close'));
  }
  expect(listeners[2]).toBe(listeners[0]);
});
