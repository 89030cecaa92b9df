import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createBoundedServer } from '../../src/http/connections.js';

const PIECE = 64 * 1024 * 1024;
/** The rate of the client. Two seconds of it exceed all buffers. */
const BYTES_PER_S = 8 * 1024 * 1024;
const LIMITS = {
  maxConnections: 10,
  answerRate: { minBytesPerS: BYTES_PER_S / 8, maxBehindMs: 3_000 },
  answerTimeoutMs: 60_000,
};

it('a client above the minimum rate gets all of a large chunk', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'performance'] });
  const server = createBoundedServer((_, response) => void response.end(Buffer.alloc(PIECE)), {}, LIMITS);
  onTestFinished(() => {
    vi.useRealTimers();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  let taken = 0;
  let seconds = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    taken += chunk.length;
    for (; seconds < taken / BYTES_PER_S; seconds++) vi.advanceTimersByTime(1_000);
  }
  expect(taken).toBeGreaterThan(PIECE);
});
