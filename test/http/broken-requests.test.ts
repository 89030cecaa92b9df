import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { listen } from '../support/app.js';
import { askRaw, sendRaw } from '../support/raw-client.js';
import { deferred } from '../support/stub-classifier.js';

const CSV = 'source,log_message\nA,one\n';
const POST = `POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${CSV.length}\r\n\r\n${CSV}`;
const CHUNKED =
  'POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n';

describe('A request that never becomes one', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'request_invalid'],
    ['a chunk without a length', `${CHUNKED}zz\r\n`, 400, 'request_invalid'],
    ['endless chunk extensions', `${CHUNKED}1;${'x'.repeat(20_000)}`, 413, 'upload_too_large'],
    ['headers without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`, 431, 'headers_too_large'],
    ['headers too slowly', 'GET / HTTP/1.1\r\nX:', 408, 'upload_timeout'],
    [
      'an unknown expectation',
      'GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nConnection: close\r\n\r\n',
      417,
      'expectation_failed',
    ],
  ])('is answered in the usual form: %s', async (_, text, status, code) => {
    const { app, port } = await listen({ headersTimeoutMs: 100 });
    const answer = await askRaw(port, text);
    const ordinary = await app.inject('/health/live');
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(answer.body)).toMatchObject({
      status,
      code,
      request_id: answer.headers['x-request-id'],
    });
    for (const name of ['content-security-policy', 'x-frame-options', 'referrer-policy', 'cache-control']) {
      expect(answer.headers[name]).toBe(ordinary.headers[name]);
    }
  });

  it('is not answered where a whole request before it waits: the client would take the answer for that one', async () => {
    const { port, classifier } = await listen();
    classifier.gate = deferred().promise;
    const socket = await sendRaw(port, POST);
    while (classifier.asked.length === 0) await new Promise(setImmediate);
    socket.write('hello\r\n\r\n');
    expect((await buffer(socket)).toString()).toBe('');
  });

  it('is not written into an answer that has begun', async () => {
    const { app, port } = await listen();
    app.server.prependListener('request', (_request, response) => response.writeHead(200));
    const socket = await sendRaw(port, CHUNKED);
    await once(app.server, 'request');
    socket.write('zz\r\n');
    expect((await buffer(socket)).toString()).not.toContain('request_invalid');
  });

  it('is answered after the answers to earlier requests', async () => {
    const { port } = await listen();
    const socket = await sendRaw(port, POST);
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    while (!received.endsWith('A,one,<one>\n')) await once(socket, 'data');
    socket.write('hello\r\n\r\n');
    await once(socket, 'close');
    expect(received).toMatch(/^HTTP\/1\.1 200[\s\S]*A,one,<one>\nHTTP\/1\.1 400[\s\S]*"request_invalid"/);
  });
});
