import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { states } from '../scripts/check-exit/states.mjs';
import { startServer, type ServerProcess } from './support/server.js';

/** How the process ended, once all that it has logged is there. */
async function end({
  process: child,
}: ServerProcess): Promise<{ code: number | null; signal: string | null }> {
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal };
}

/** Sends a signal, and another one as soon as the server has said that it closes. */
async function signalTwice(server: ServerProcess): ReturnType<typeof end> {
  const ended = end(server);
  server.process.kill('SIGTERM');
  await server.logged(isClosing);
  server.process.kill('SIGTERM');
  return ended;
}

const isClosing = ({ msg }: Record<string, unknown>): boolean => String(msg).startsWith('closing');

/** A module that fails, in a way that nobody foresees, when the process gets SIGWINCH. */
const failing = (how: string): Record<string, string> => ({
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(`process.on('SIGWINCH', () => { ${how} })`)}`,
});

it('ends with 0 on a signal, and on a second one in whatever is left to do', async () => {
  const server = await states.idle(startServer);
  const { code, signal } = await signalTwice(server);
  expect(signal).toBeNull();
  expect([0, 1]).toContain(code);
});

it.each([
  ['an upload comes in', states.uploading],
  ['lines are encoded', states.inference],
  ['the LLM is asked', states['waiting for the LLM']],
  ['a spooled answer is not read', states['sending a spooled answer']],
])('ends with 1 on a second signal while %s, and names the request that it cuts', async (_, enter) => {
  const server = await enter(startServer);
  const { reqId } = await server.logged(({ msg }) => msg === 'incoming request');
  expect(await signalTwice(server)).toEqual({ code: 1, signal: null });
  const cut = server.log.filter(({ msg }) => msg === 'request cut: the server ends');
  expect(cut).toMatchObject([{ level: 40, reqId, method: 'POST', path: '/classify' }]);
  expect(cut[0]?.connection).toMatchObject({ bytesRead: expect.any(Number) as number });
});

it('takes a Ctrl-C that comes twice, from the terminal and from npm, for one', async () => {
  const server = await startServer();
  const upload = request({ host: '127.0.0.1', port: server.port, method: 'POST', path: '/classify' });
  upload.setHeader('content-type', 'text/csv').write('source,log_message\n');
  await server.logged(({ msg }) => msg === 'incoming request');
  const ended = end(server);
  server.process.kill('SIGINT');
  server.process.kill('SIGINT');
  await server.logged(isClosing);
  upload.end('A,User User1 logged in.\n');
  const [response] = (await once(upload, 'response')) as [IncomingMessage];
  expect(await text(response)).toContain('User Action');
  expect(await ended).toEqual({ code: 0, signal: null });
});

it('ends with 1 when CLOSE_TIMEOUT_MS is over while lines are encoded', async () => {
  const server = await states.inference((env) => startServer({ ...env, CLOSE_TIMEOUT_MS: '1' }));
  const ended = end(server);
  server.process.kill('SIGTERM');
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(server.log).toContainEqual(expect.objectContaining({ reason: 'CLOSE_TIMEOUT_MS is over' }));
  expect(server.log.filter(({ msg }) => msg === 'request cut: the server ends')).toHaveLength(1);
});

it.each([
  ['a promise that nobody handles is rejected', `Promise.reject(new Error('a bug'))`],
  ['an error is thrown that nobody catches', `throw new Error('a bug')`],
])('lets requests end, exits with 1 and logs the reason when %s', async (_, how) => {
  const server = await startServer(failing(how));
  const upload = request({ host: '127.0.0.1', port: server.port, method: 'POST', path: '/classify' });
  upload.setHeader('content-type', 'text/csv').write('source,log_message\n');
  await server.logged(({ msg }) => msg === 'incoming request');
  const ended = end(server);
  server.process.kill('SIGWINCH');
  const { err } = await server.logged(({ msg }) => String(msg).includes('unforeseen error'));
  expect(err).toMatchObject({ message: 'a bug', stack: expect.any(String) as string });
  upload.end('A,User User1 logged in.\n');
  const [response] = (await once(upload, 'response')) as [IncomingMessage];
  expect(await text(response)).toContain('User Action');
  expect(await ended).toEqual({ code: 1, signal: null });
});

it('goes on closing when one unforeseen error follows another', async () => {
  const server = await startServer(failing(`for (const n of [1, 2, 3]) Promise.reject(new Error(n))`));
  const ended = end(server);
  server.process.kill('SIGWINCH');
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(server.log.filter(({ level }) => level === 50)).toHaveLength(3);
});
