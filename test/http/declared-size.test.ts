import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../support/app.js';

/** Sends headers without a body and returns the first bytes of the answer. */
async function answerToHead(port: number, ...headers: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(['POST /classify HTTP/1.1', 'Host: x', ...headers, '', ''].join('\r\n'));
  return String((await once(socket, 'data'))[0]);
}

describe('A request whose Content-Length is too large', () => {
  it.each([
    ['text/csv', 100_001],
    ['application/json', 100_001],
    ['multipart/form-data; boundary=b', 2_000_000],
  ])('is refused before its body arrives: %s', async (type, length) => {
    const { port } = await listen({ maxUploadBytes: 100_000 });
    const answer = await answerToHead(port, `Content-Type: ${type}`, `Content-Length: ${length}`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*"upload_too_large"/);
  });

  it('gets no 100 Continue', async () => {
    const { port } = await listen({ maxUploadBytes: 100_000 });
    const headers = ['Content-Type: text/csv', 'Expect: 100-continue'];
    expect(await answerToHead(port, ...headers, 'Content-Length: 100001')).toMatch(/^HTTP\/1\.1 413 /);
    expect(await answerToHead(port, ...headers, 'Content-Length: 100000')).toMatch(/^HTTP\/1\.1 100 /);
  });
});
