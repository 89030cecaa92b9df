import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { listen } from '../support/app.js';

/** Longer than a test waits for an answer. */
const LONG_MS = 200_000;
const HEADERS = 'POST /classify HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n';

it.each([
  ['incomplete headers', 'HEADERS_TIMEOUT_MS', HEADERS, { headersTimeoutMs: 100, uploadTimeoutMs: LONG_MS }],
  ['incomplete headers', 'UPLOAD_TIMEOUT_MS', HEADERS, { headersTimeoutMs: LONG_MS, uploadTimeoutMs: 100 }],
  [
    'an incomplete body',
    'UPLOAD_TIMEOUT_MS',
    `${HEADERS}\r\nsource,`,
    { headersTimeoutMs: LONG_MS, uploadTimeoutMs: 100 },
  ],
])('waits for %s no longer than %s, whatever the other timeout', async (_, _variable, sent, settings) => {
  const { port } = await listen({ ...settings, uploadIdleTimeoutMs: LONG_MS });
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(sent);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /);
});

it('accepts a HEADERS_TIMEOUT_MS above Node’s default request timeout', async () => {
  const { app } = await listen({ headersTimeoutMs: 400_000, uploadTimeoutMs: 500_000 });
  expect([app.server.headersTimeout, app.server.requestTimeout]).toEqual([400_000, 500_000]);
});
