import { once } from 'node:events';
import { pino } from 'pino';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { openConnections } from '../../src/http/connections.js';
import { build, listen } from '../support/app.js';
import { sendRaw } from '../support/raw-client.js';
import { deferred } from '../support/stub-classifier.js';

const CSV = 'source,log_message\nA,one\n';
const post = (query = '') =>
  `POST /classify${query} HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${CSV.length}\r\n\r\n${CSV}`;

/** A server with one request that waits for its labels until `label` is called. */
async function busy(query = '') {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const server = await listen({}, { logger: pino({ level: 'warn' }, { write }) });
  const { promise, resolve } = deferred();
  server.classifier.gate = promise;
  const socket = await sendRaw(server.port, post(query));
  while (server.classifier.asked.length === 0) await new Promise(setImmediate);
  return { ...server, socket, label: resolve, lines };
}

describe('A server that closes', () => {
  it('closes a connection on which the headers of the next request are incomplete', async () => {
    const { app, port } = await listen();
    const socket = await sendRaw(port, 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /health/live HT');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    await Promise.all([app.close(), closed]);
    expect(app.server.listening).toBe(false);
  });

  it('answers the current request and then closes its connection', async () => {
    const { app, socket, label } = await busy();
    const closed = app.close();
    while (app.server.listening) await new Promise(setImmediate);
    label();
    const answer = (await buffer(socket)).toString();
    expect(answer).toMatch(/^HTTP\/1\.1 200[\s\S]*\r\nconnection: close\r\n[\s\S]*A,one,<one>\n$/i);
    await closed;
  });

  it('refuses a request that arrives before it stops listening', async () => {
    const { app } = await build();
    let answer: Response | undefined;
    app.addHook('preClose', async () => {
      answer = await fetch(`${app.listeningOrigin}/labels`, { headers: { connection: 'close' } });
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    await app.close();
    expect(answer?.status).toBe(503);
    expect(answer?.headers.get('connection')).toBe('close');
    expect(await answer?.json()).toMatchObject({
      code: 'not_ready',
      detail: 'The server is shutting down.',
    });
  });

  it('closes connections that never sent a request', async () => {
    const { app, port } = await listen();
    const accepted = once(app.server, 'connection');
    const socket = await sendRaw(port, '');
    await accepted;
    socket.resume();
    await Promise.all([app.close(), once(socket, 'close')]);
  });
});

describe('abortRequests', () => {
  it('does not log a request that was only sent ahead', async () => {
    const { app, socket, lines } = await busy();
    socket.write('GET /labels HTTP/1.1\r\nHost: x\r\n\r\n');
    const unanswered = () => [...openConnections(app.server)].flatMap(([, one]) => one.unanswered);
    while (unanswered().length < 2) await new Promise(setImmediate);
    app.abortRequests();
    await once(socket.resume(), 'close');
    expect(lines).toMatchObject([{ method: 'POST', msg: 'request aborted: the server is shutting down' }]);
  });

  it('closes all connections and logs each unanswered request without its query string', async () => {
    const { app, port, socket, lines } = await busy('?details=true');
    const idle = await sendRaw(port, 'GET /labels HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(idle, 'data');
    idle.resume();
    app.abortRequests();
    await Promise.all([once(socket.resume(), 'close'), once(idle, 'close')]);
    expect(lines).toMatchObject([
      {
        method: 'POST',
        path: '/classify',
        connection: { bytesRead: post('?details=true').length, bytesWritten: 0 },
        msg: 'request aborted: the server is shutting down',
      },
    ]);
  });
});
