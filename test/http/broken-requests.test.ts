import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { answerBrokenRequest } from '../../src/http/broken-requests.js';
import { listen } from '../support/app.js';
import { askRaw, sendRaw } from '../support/raw-client.js';
import { deferred } from '../support/stub-classifier.js';

const CSV = 'source,log_message\nA,one\n';
const POST = `POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${CSV.length}\r\n\r\n${CSV}`;
const CHUNKED =
  'POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n';

describe('A request that cannot be parsed', () => {
  it.each([
    ['not HTTP', 'hello\r\n\r\n', 400, 'request_invalid'],
    ['a chunk without a length', `${CHUNKED}zz\r\n`, 400, 'request_invalid'],
    ['endless chunk extensions', `${CHUNKED}1;${'x'.repeat(20_000)}`, 413, 'upload_too_large'],
    ['endless headers', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`, 431, 'headers_too_large'],
    ['headers that arrive too slowly', 'GET / HTTP/1.1\r\nX:', 408, 'upload_timeout'],
    [
      'an unknown expectation',
      'GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nConnection: close\r\n\r\n',
      417,
      'expectation_failed',
    ],
  ])('is answered with a problem: %s', async (_, text, status, code) => {
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

  it('is not answered while a complete request before it waits for its answer', async () => {
    const { port, classifier } = await listen();
    classifier.gate = deferred().promise;
    const socket = await sendRaw(port, POST);
    while (classifier.asked.length === 0) await new Promise(setImmediate);
    socket.write('hello\r\n\r\n');
    expect((await buffer(socket)).toString()).toBe('');
  });

  it('is not answered within an answer that has started', async () => {
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

describe('The answer to a request that cannot be parsed', () => {
  /** Returns what is written when a connection fails with this code, and the socket. */
  function fail(code: string | undefined, hasEnded = false) {
    let written = '';
    const write = (chunk: Buffer, _: unknown, done: () => void) => {
      written += String(chunk);
      done();
    };
    const socket = new Duplex({ read: () => undefined, write });
    if (hasEnded) socket.end();
    answerBrokenRequest(Object.assign(new Error('broken'), { code }), socket as unknown as Socket);
    return { written, socket };
  }

  it.each([
    [
      'ERR_HTTP_REQUEST_TIMEOUT',
      '408 Request Timeout',
      'The request was not complete within the time limit. Send it again.',
    ],
    [
      'HPE_HEADER_OVERFLOW',
      '431 Request Header Fields Too Large',
      'The headers of the request are too large. Send fewer or shorter ones.',
    ],
    [
      'HPE_CHUNK_EXTENSIONS_OVERFLOW',
      '413 Payload Too Large',
      'The chunk extensions of the body are too large. Send chunks without extensions.',
    ],
    ['HPE_INVALID_METHOD', '400 Bad Request', 'The request is not well-formed HTTP.'],
    [undefined, '400 Bad Request', 'The request is not well-formed HTTP.'],
  ])('for %s is complete and the last on its connection', (code, status, detail) => {
    const { written, socket } = fail(code);
    const [head = '', body = ''] = written.split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
    expect(head).toContain(`\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`);
    expect(JSON.parse(body)).toMatchObject({ detail });
    expect([socket.writableEnded, socket.destroyed]).toEqual([true, false]);
  });

  it.each([
    ['has been reset', 'ECONNRESET', false],
    ['takes no more', 'HPE_INVALID_METHOD', true],
  ])('is omitted and the connection closed if it %s', (_, code, hasEnded) => {
    const { written, socket } = fail(code, hasEnded);
    expect([written, socket.destroyed]).toEqual(['', true]);
  });
});
