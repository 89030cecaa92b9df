import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createBoundedServer, type ConnectionLimits } from '../../src/http/connections.js';
import { mostInOneTurn, turnCounter } from '../support/turn-counter.js';
import { until } from '../support/until.js';

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
const PATIENT = { minBytesPerS: 1000, maxBehindMs: 60_000 };

/** A bounded server that records its requests. Without `answer` they wait until the test answers them. */
async function start(limits: Partial<ConnectionLimits>, answer?: (response: ServerResponse) => void) {
  const asked: { request: IncomingMessage; response: ServerResponse }[] = [];
  const arrived = new EventTarget();
  const server = createBoundedServer(
    (request, response) => {
      asked.push({ request, response });
      answer?.(response);
      arrived.dispatchEvent(new Event('request'));
    },
    {},
    { maxConnections: 100, answerRate: PATIENT, answerTimeoutMs: 60_000, ...limits },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const request = async (number: number) => {
    for (;;) {
      const found = asked[number];
      if (found) return found;
      await once(arrived, 'request');
    }
  };
  return { server, port, asked, request };
}

async function open(port: number, text = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** Reads from the socket until the text has arrived. */
async function read(socket: Socket, text: string): Promise<string> {
  let read = '';
  while (!read.includes(text)) read += String((await once(socket, 'data'))[0]);
  return read;
}

/** More bytes than all buffers hold. */
const MUCH = 64 * 1024 * 1024;
const sendMuch = (response: ServerResponse) => void response.end(Buffer.alloc(MUCH));

describe('A connection', () => {
  it('has its pipelined requests handled one at a time', async () => {
    const { port, asked, request } = await start({});
    const socket = await open(port, [1, 2, 3].map((n) => GET(`/${n}`)).join(''));
    for (const n of [1, 2, 3]) {
      const { response } = await request(n - 1);
      expect(asked).toHaveLength(n);
      response.end(`answer ${n};`);
      await read(socket, `answer ${n};`);
    }
    expect(asked.map(({ request: { url } }) => url)).toEqual(['/1', '/2', '/3']);
  });

  it('holds only one answer while its client does not read', async () => {
    const { port, asked, request } = await start({}, sendMuch);
    const socket = await open(port, GET('/').repeat(50));
    socket.pause();
    const { response } = await request(0);
    const next = await open(port, GET('/next'));
    await read(next, 'HTTP/1.1 200');
    expect(response.writableFinished).toBe(false);
    expect(asked.map(({ request: { url } }) => url)).toEqual(['/', '/next']);
  });

  it('is closed on the 65th unanswered request', async () => {
    const { port, asked, request } = await start({});
    const patient = await open(port, GET('/').repeat(64));
    await request(0);
    const greedy = await open(port, GET('/greedy').repeat(65));
    await once(greedy, 'close');
    expect(patient.closed).toBe(false);
    expect(asked.filter(({ request: { url } }) => url === '/greedy')).toHaveLength(1);
  });

  it('that is closed has no more requests handled', async () => {
    const { server, port, asked, request } = await start({});
    const socket = await open(port, GET('/'));
    const { request: message, response } = await request(0);
    socket.destroy();
    await once(response, 'close');
    await until(() => message.socket.closed);
    server.emit('request', message, response);
    expect(asked).toHaveLength(1);
  });

  it('that has been idle for longest is closed for a new one', async () => {
    const { port } = await start({ maxConnections: 2 }, (response) => void response.end('done'));
    const oldest = await open(port);
    const used = await open(port, GET('/'));
    await read(used, 'done');
    const newest = await open(port, GET('/'));
    await Promise.all([read(newest, 'done'), once(oldest, 'close')]);
    expect(used.closed).toBe(false);
  });

  it('is closed for a new one once its request is answered', async () => {
    const { port } = await start({ maxConnections: 1 }, (response) => void response.end('done'));
    const used = await open(port, GET('/'));
    await read(used, 'done');
    const next = await open(port, GET('/'));
    await Promise.all([once(used, 'close'), read(next, 'done')]);
  });

  it('is refused while all others have a request', async () => {
    const { port, request } = await start({ maxConnections: 1 });
    const busy = await open(port, GET('/'));
    const { response } = await request(0);
    await once(await open(port, GET('/')), 'close');
    response.end('done');
    await read(busy, 'done');
  });

  it('is closed if its client does not read the answer', async () => {
    const { port, request } = await start({ answerRate: { minBytesPerS: 1000, maxBehindMs: 100 } }, sendMuch);
    const socket = await open(port, GET('/'));
    socket.pause();
    const { response } = await request(0);
    await once(response, 'close');
    socket.resume();
    await once(socket, 'close');
    expect(socket.bytesRead).toBeLessThan(MUCH);
  });

  it('stays open while the server has nothing to send', async () => {
    const answer = (response: ServerResponse) =>
      response.req.url === '/slow' ? void response.write('first') : sendMuch(response);
    const { port, request } = await start({ answerRate: { minBytesPerS: 1000, maxBehindMs: 100 } }, answer);
    const waiting = await open(port, GET('/slow'));
    await read(waiting, 'first');
    const silent = await open(port, GET('/'));
    silent.pause();
    await once((await request(1)).response, 'close');
    (await request(0)).response.end('second');
    await read(waiting, 'second');
  });

  it('is closed if the complete answer takes too long, even if it is read', async () => {
    const endless = (response: ServerResponse) => {
      const write = () => void response.write(Buffer.alloc(65_536));
      response.on('drain', write);
      write();
    };
    const { port } = await start(
      { answerTimeoutMs: 100, answerRate: { minBytesPerS: 1000, maxBehindMs: 400 } },
      endless,
    );
    const socket = await open(port, GET('/'));
    socket.resume();
    await once(socket, 'close');
  });

  it('is closed after its answer if the server is closing', async () => {
    const { server, port, request } = await start({});
    const socket = await open(port, GET('/'));
    const { response } = await request(0);
    response.writeHead(200, { 'content-length': 4 }).flushHeaders();
    server.close();
    response.end('done');
    await Promise.all([read(socket, 'done'), once(socket, 'end'), once(server, 'close')]);
  });

  it('gets 100 Continue only from the handler', async () => {
    const { port, request } = await start({});
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n';
    const [wanted, refused] = [await open(port, head), await open(port, head)];
    (await request(0)).response.writeContinue();
    expect(await read(wanted, '\r\n\r\n')).toMatch(/^HTTP\/1\.1 100 /);
    (await request(1)).response.writeHead(413).end();
    expect(await read(refused, '\r\n\r\n')).toMatch(/^HTTP\/1\.1 413 /);
    await once(refused, 'close');
  });

  it('is closed if it pipelines requests with bodies', async () => {
    const { port, asked } = await start({});
    const post = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na';
    const patient = await open(port, post.repeat(2));
    await once(await open(port, post.repeat(3)), 'close');
    expect(patient.closed).toBe(false);
    expect(asked).toHaveLength(2);
  });

  it('whose client sends slowest is closed for a new one if none is idle', async () => {
    const { port, request } = await start({ maxConnections: 2 });
    const begun = (length: number) => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`;
    const fast = await open(port, begun(1_000_000) + 'a'.repeat(200_000));
    const slow = await open(port, begun(1_000_000));
    (await request(0)).request.resume();
    await request(1);
    while (fast.bytesWritten < 200_000) await once(fast, 'drain');
    const closed = once(slow, 'close');
    await open(port, GET('/new'));
    await Promise.all([closed, request(2)]);
    expect(fast.closed).toBe(false);
  });

  it('is answered and closed if its body has thousands of tiny chunks', async () => {
    const { port, request } = await start({});
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
    const lines = await open(port, head + '20\r\nModernCRM,User User123 logged in\r\n'.repeat(5_000));
    const tiny = await open(port, head + '1\r\na\r\n'.repeat(5_000));
    (await request(0)).request.resume();
    (await request(1)).request.resume();
    await once(tiny, 'close');
    expect(lines.closed).toBe(false);
  });
});

describe('The time limit of an answer', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  /** Whether the server has closed the connection after this time. */
  function isCutAfter({ request }: { request: IncomingMessage }, ms: number): boolean {
    vi.advanceTimersByTime(ms);
    return request.socket.destroyed;
  }

  it('covers the complete answer and starts at the first check, at most a second late', async () => {
    const { port, request } = await start({ answerTimeoutMs: 10_000 });
    await open(port, GET('/'));
    const asked = await request(0);
    expect(isCutAfter(asked, 100_000)).toBe(false);
    asked.response.write('first');
    expect(isCutAfter(asked, 11_000)).toBe(false);
    expect(isCutAfter(asked, 1_000)).toBe(true);
  });

  it('starts anew for each answer', async () => {
    const { port, request } = await start({ answerTimeoutMs: 10_000 });
    const socket = await open(port, GET('/').repeat(2));
    const first = await request(0);
    first.response.write('first');
    expect(isCutAfter(first, 11_000)).toBe(false);
    first.response.end();
    const second = await request(1);
    second.response.write('second');
    await read(socket, 'second');
    expect(isCutAfter(second, 11_000)).toBe(false);
  });

  it('is short for a client that stops reading, even if the server writes more', async () => {
    const { port, request } = await start({ answerRate: { minBytesPerS: 1000, maxBehindMs: 100 } });
    const socket = await open(port, GET('/'));
    const asked = await request(0);
    asked.response.write('x'.repeat(10_000));
    await read(socket, 'xxx');
    socket.pause();
    asked.response.write(Buffer.alloc(MUCH));
    // Node 26 hands it to the socket at the end of the turn.
    await new Promise(setImmediate);
    for (const ms of [25, 50, 75, 100]) {
      expect([ms, isCutAfter(asked, 25)]).toEqual([ms, false]);
      asked.response.write(Buffer.alloc(65_536));
    }
    expect(isCutAfter(asked, 25)).toBe(true);
  });

  it('does not apply to a connection without a request', async () => {
    const { server, port, request } = await start({});
    const accepted = once(server, 'connection');
    const socket = await open(port);
    await accepted;
    vi.advanceTimersByTime(100_000);
    socket.write(GET('/'));
    (await request(0)).response.end('done');
    await read(socket, 'done');
  });

  it('is no longer checked after the server has closed', async () => {
    const { server } = await start({});
    expect(vi.getTimerCount()).toBe(1);
    await once(server.close(), 'close');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('Many requests at once', () => {
  it('start over several turns of the event loop', async () => {
    const begunIn: number[] = [];
    const { turn, stop } = turnCounter();
    onTestFinished(stop);
    const { port, request } = await start({}, (response) => {
      begunIn.push(turn());
      response.end('done');
    });
    const sockets = await Promise.all(Array.from({ length: 90 }, () => open(port)));
    for (const socket of sockets) socket.write(GET('/'));
    await request(89);
    // A turn of the test may overlap two turns of the server.
    expect(mostInOneTurn(begunIn)).toBeLessThanOrEqual(2 * 5);
  });

  it('are not parsed after their connection was closed', async () => {
    const { server, port } = await start({});
    let parsed = 0;
    server.prependListener('request', () => (parsed += 1));
    const socket = await open(port, GET('/').repeat(1_000));
    await once(socket, 'close');
    await new Promise(setImmediate);
    expect(parsed).toBe(65);
  });
});
