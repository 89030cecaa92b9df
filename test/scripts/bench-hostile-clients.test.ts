import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Connections } from '../../scripts/bench/hostile/connections.mjs';
import { declaredLength } from '../../scripts/bench/hostile/declared-length.mjs';
import { endlessLlmAnswer } from '../../scripts/bench/hostile/llm-answer.mjs';
import { pipelined } from '../../scripts/bench/hostile/pipelined.mjs';
import { slowReaders, slowSenders } from '../../scripts/bench/hostile/slow-clients.mjs';

/** What an attack has to work with, against a stand-in for the server. */
async function field(server: Server, seconds: number) {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connections = new Connections(address);
  onTestFinished(() => {
    connections.closeAll();
    server.closeAllConnections();
    server.close();
  });
  const { signal } = new AbortController();
  const nothing = () => undefined;
  const ordinary = { pause: nothing, resume: nothing };
  return { address, connections, seconds, quick: true, signal, say: nothing, ordinary };
}

const refuse: (status: number) => RequestListener = (status) => (_, response) =>
  response.writeHead(status, { connection: 'close' }).end();

describe('a declared length over the limit', () => {
  it('counts as refused if the server answers after the headers, with or without Expect', async () => {
    const server = createServer(refuse(413)).on('checkContinue', refuse(413));
    const { note, verdicts } = await declaredLength().run(await field(server, 0));
    expect(note.match(/: 413 after/g)).toHaveLength(6);
    expect(verdicts).toMatchObject([{ met: true }]);
  });

  it('counts as accepted if the server asks for the body', async () => {
    const { note, verdicts } = await declaredLength().run(await field(createServer(refuse(413)), 0));
    expect(note.match(/with Expect: 100 after/g)).toHaveLength(3);
    expect(verdicts).toMatchObject([{ met: false }]);
  });
});

it('clients that pipeline connect again after their connection is closed', async () => {
  const over = new AbortController();
  let connections = 0;
  const server = createServer().on('connection', (socket) => {
    socket.destroy();
    connections += 1;
    if (connections === 40) over.abort();
  });
  const { note } = await pipelined('/').run({ ...(await field(server, 60)), signal: over.signal });
  expect(Number(/cut: (\d+)/.exec(note)?.[1])).toBeGreaterThanOrEqual(20);
});

describe('slow clients', () => {
  it.each([
    ['that send', slowSenders({ comeBack: false }), 408, '408 × 12, open at the end: 0'],
    ['that read', slowReaders(), 503, '503 × 12, open at the end: 0'],
  ])('%s are reported with the answers that they received', async (_, attack, status, expected) => {
    const { note } = await attack.run(await field(createServer(refuse(status)), 60));
    expect(note).toBe(expected);
  });

  it('are reported as open if the server does not answer', async () => {
    const server = createServer((request) => request.resume());
    const { note } = await slowSenders({ comeBack: true }).run(await field(server, 1));
    expect(note).toBe('open at the end: 12');
  });
});

it('the fake LLM sends until the server closes the connection', async () => {
  const placeholder = await endlessLlmAnswer().prepare?.();
  const answer = await fetch(placeholder?.settings.GROQ_BASE_URL ?? '');
  let bytes = 0;
  for await (const piece of answer.body ?? []) {
    bytes += (piece as Uint8Array).length;
    if (bytes > 5e6) break;
  }
  placeholder?.close();
  expect(bytes).toBeGreaterThan(5e6);
});
