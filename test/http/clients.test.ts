import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../support/app.js';
import { deferred } from '../support/stub-classifier.js';
import { until } from '../support/until.js';

const HEAD = 'source,log_message\n';

/** An upload that is sent piece by piece. */
function startUpload(port: number): ClientRequest {
  const upload = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/classify',
    headers: { 'content-type': 'text/csv' },
  });
  upload.on('error', () => undefined);
  onTestFinished(() => void upload.destroy());
  return upload;
}

async function answerTo(upload: ClientRequest): Promise<{ response: IncomingMessage; body: string }> {
  const [response] = (await once(upload, 'response')) as [IncomingMessage];
  return { response, body: (await buffer(response)).toString() };
}

/** An upload that needs a slot for uploads; small ones do not. */
const LARGE = { method: 'POST', body: HEAD + 'A,c\n'.repeat(100), headers: { 'content-type': 'text/csv' } };

/** Enough rows for an upload to take its slot. */
const FIRST_ROWS = HEAD + 'A,b\n'.repeat(20_000);

/** Whether the server accepts an upload now. */
async function accepts(url: string): Promise<boolean> {
  return (await fetch(`${url}/classify`, LARGE)).status === 200;
}

/**
 * Resolves when the server takes nothing more from a connection: a hundred other requests have been answered
 * since its last bytes.
 */
async function stalled(connection: Socket, url: string): Promise<'stalled'> {
  let seen = -1;
  for (let answered = 0; answered < 100; answered += 1) {
    if (connection.bytesRead > seen) answered = 0;
    seen = connection.bytesRead;
    await (await fetch(`${url}/health/live`)).text();
  }
  return 'stalled';
}

/** The problem that ends a connection, once its status line has been checked. */
async function problemIn(socket: Socket, status: number): Promise<unknown> {
  const answer = (await buffer(socket)).toString();
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`));
  return JSON.parse(answer.split('\r\n\r\n')[1] ?? '');
}

/** A connection on which the text has been sent, as it is. */
async function send(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

describe('Clients', () => {
  it('get the answer to an upload that is too large, not a connection reset', async () => {
    const { url } = await listen({ maxUploadBytes: 100_000 });
    const body = HEAD + 'A,some text\n'.repeat(500_000);
    const response = await fetch(`${url}/classify`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/csv' },
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'upload_too_large' });
  });

  it('get the error for a malformed line while they are still sending', async () => {
    const { url } = await listen();
    const body = `${HEAD}A\n${'A,some text\n'.repeat(500_000)}`;
    const response = await fetch(`${url}/classify`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'text/csv' },
    });
    expect(await response.json()).toMatchObject({ code: 'csv_malformed', line: 2 });
  });

  it('get 503 with Retry-After while all slots are taken, and are accepted afterwards', async () => {
    const { port, classifier, url } = await listen({ maxConcurrentUploads: 1 });
    const first = startUpload(port);
    first.write(FIRST_ROWS);
    await until(() => classifier.sessions.length === 1);
    const refused = await fetch(`${url}/classify`, LARGE);
    expect(await refused.json()).toMatchObject({
      status: 503,
      code: 'busy',
      detail: 'The server is already processing 1 upload. Try again in a few seconds.',
    });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    first.end();
    expect((await answerTo(first)).body).toContain('A,b,<b>');
    await until(() => accepts(url));
  });

  it.each([
    ['after sending all', true],
    ['half-way', false],
  ])('that disconnect %s release their slot', async (_, sentAll) => {
    const { port, classifier, url } = await listen({ maxConcurrentUploads: 1 });
    classifier.gate = deferred().promise;
    const leaving = startUpload(port);
    leaving.write(FIRST_ROWS);
    if (sentAll) leaving.end();
    await until(() => (sentAll ? classifier.asked : classifier.sessions).length > 0);
    leaving.destroy();
    await until(() => classifier.sessions[0]?.signal?.aborted === true);
    classifier.gate = undefined;
    await until(() => accepts(url));
  });

  it.each([
    ['in a body', 'text/csv', HEAD],
    ['in JSON', 'application/json', '{"logs":['],
    ['before a form’s file', 'multipart/form-data; boundary=b', '--b\r\nContent-Disp'],
    [
      'after a form’s file',
      'multipart/form-data; boundary=b',
      `--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n${HEAD}\r\n--b\r\nContent-Di`,
    ],
  ])('that stop sending %s get 408 and release their slot', async (_, type, body) => {
    const { port, url } = await listen({ uploadIdleTimeoutMs: 50, maxConcurrentUploads: 1 });
    const head = `POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 5000000\r\n\r\n`;
    const socket = await send(port, head + body);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 408[\s\S]*"upload_timeout"/);
    await until(() => accepts(url));
  });

  it('that do not read their answer lose their connection and hold no slot', async () => {
    const { app, port, url } = await listen({ uploadIdleTimeoutMs: 1_000, maxConcurrentUploads: 1 });
    const body = HEAD + 'A,some text that comes back twice as long\n'.repeat(400_000);
    const head = `POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${body.length}\r\n\r\n`;
    const connection = once(app.server, 'connection') as Promise<[Socket]>;
    const socket = await send(port, head + body);
    const [there] = await connection;
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200/);
    await until(() => there.destroyed);
    await until(() => accepts(url));
  });

  it('that send another request after Connection: close get no answer and hold no slot', async () => {
    const { port, url } = await listen({ maxConcurrentUploads: 1 });
    const body = `${HEAD}A,b\n`;
    const ask = (more: string) =>
      `POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;
    const socket = await send(port, ask('Connection: close\r\n') + ask(''));
    await buffer(socket);
    await until(() => accepts(url));
  });

  it('need an upload slot for large JSON but not for small JSON', async () => {
    const { port, url, classifier } = await listen({ maxConcurrentUploads: 1 });
    const upload = startUpload(port);
    upload.write(FIRST_ROWS);
    await until(() => classifier.sessions.length === 1);
    const post = (size: number) =>
      fetch(`${url}/classify`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ source: 'A', log_message: 'b'.repeat(size) }),
      });
    expect((await post(100_000)).status).toBe(503);
    expect((await post(10)).status).toBe(200);
    upload.end();
    await answerTo(upload);
  });

  it('that disconnect within a form cause no error in the log', async () => {
    const lines: { level: number; code?: string }[] = [];
    const write = (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]);
    const { port } = await listen({}, { logger: pino({}, { write }) });
    const head = 'POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n';
    const socket = await send(port, `${head}Content-Length: 500\r\n\r\n--b\r\nContent-Disp`);
    await until(() => lines.length > 0);
    socket.destroy();
    await until(() => lines.some(({ code }) => code === 'upload_incomplete'));
    expect(lines.filter(({ level }) => level > 30)).toEqual([]);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'request_invalid'],
    ['headers without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`, 431, 'headers_too_large'],
  ])('that send %s get a problem', async (_, text, status, code) => {
    const { port } = await listen();
    expect(await problemIn(await send(port, text), status)).toMatchObject({ status, code });
  });

  it('that send headers too slowly get a problem', async () => {
    const { port } = await listen({ headersTimeoutMs: 100 });
    const socket = await send(port, 'GET / HTTP/1.1\r\nX:');
    expect(await problemIn(socket, 408)).toMatchObject({ status: 408, code: 'upload_timeout' });
  });

  it('that only connect do not delay the shutdown', async () => {
    const { app, port } = await listen();
    const socket = connect(port, '127.0.0.1');
    await Promise.all([once(socket, 'connect'), once(app.server, 'connection')]);
    await app.close();
    expect(app.server.listening).toBe(false);
  });

  it('that disconnect are noticed while megabytes of their upload wait', async () => {
    const { port, classifier, url } = await listen({ maxConcurrentUploads: 1 });
    classifier.gate = deferred().promise;
    const body = HEAD + 'A,some text that fills the pipe\n'.repeat(1_000_000);
    const socket = await send(
      port,
      `POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${2 * body.length}\r\n\r\n`,
    );
    await new Promise((sent) => socket.write(body, sent));
    expect(classifier.sessions[0]?.signal?.aborted).toBe(false);
    socket.destroy();
    await until(() => classifier.sessions[0]?.signal?.aborted === true);
    classifier.gate = undefined;
    await until(() => accepts(url));
  });

  it('are held back when READ_AHEAD_BYTES of their upload wait', async () => {
    const { app, port, classifier, url } = await listen({ readAheadBytes: 1024 * 1024 });
    const { promise, resolve } = deferred();
    classifier.gate = promise;
    const connection = once(app.server, 'connection') as Promise<[Socket]>;
    const upload = startUpload(port);
    const piece = 'A,some text that fills the pipe\n'.repeat(2000);
    upload.write(HEAD);
    let pieces = 0;
    for (const end = stalled((await connection)[0], url); pieces * piece.length < 64 * 1024 * 1024;) {
      pieces += 1;
      if (upload.write(piece)) continue;
      if ((await Promise.race([once(upload, 'drain'), end])) === 'stalled') break;
    }
    expect(pieces * piece.length).toBeLessThan(32 * 1024 * 1024);
    resolve();
    upload.end();
    const { response } = await answerTo(upload);
    expect(response.headers['x-classified-rows']).toBe(String(pieces * 2000));
  });

  it('that do not speak HTTP do no harm', async () => {
    const { port, url } = await listen();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end('\x16\x03\x01 hello\r\n\r\n');
    await buffer(socket);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });
});
