import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { listen } from '../support/app.js';

const MIB = 1024 * 1024;
/** Far more than the limit for unneeded bodies plus all buffers. */
const DECLARED = 512 * MIB;

it.each(['/', '/labels'])(
  'answers a request for %s completely even if its body never arrives',
  async (path) => {
    const { app, port } = await listen();
    const { body } = await app.inject(path);
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n`);
    let answer = '';
    for await (const text of socket.setEncoding('utf8')) {
      answer += String(text);
      if (answer.endsWith(body)) break;
    }
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer.endsWith(body)).toBe(true);
  },
);

it.each(['GET /labels', 'POST /%'])('does not read the complete body of %s', async (request) => {
  const { port } = await listen();
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  socket.write(`${request} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${DECLARED}\r\n\r\n`);
  await once(socket, 'data');
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  let sent = 0;
  for (const mebibyte = Buffer.alloc(MIB); sent < DECLARED && !socket.destroyed; sent += MIB) {
    if (!socket.write(mebibyte)) await Promise.race([once(socket, 'drain').catch(() => undefined), closed]);
  }
  expect(sent).toBeLessThan(DECLARED);
});
