import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { states } from '../scripts/check-exit/states.mjs';
import { startServer, type ServerProcess } from './support/server.js';

/** Resolves with exit code and signal when the process has ended and its log is complete. */
async function end({
  process: child,
}: ServerProcess): Promise<{ code: number | null; signal: string | null }> {
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal };
}

/** Sends SIGTERM, and again as soon as the server has logged the shutdown. */
async function signalTwice(server: ServerProcess): ReturnType<typeof end> {
  const ended = end(server);
  server.process.kill('SIGTERM');
  await server.logged(isShuttingDown);
  server.process.kill('SIGTERM');
  return ended;
}

const isShuttingDown = ({ msg }: Record<string, unknown>): boolean => String(msg).startsWith('shutting down');

/** An environment with a module that fails outside our code when the process gets SIGWINCH. */
const failing = (how: string): Record<string, string> => ({
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(`process.on('SIGWINCH', () => { ${how} })`)}`,
});

it('exits cleanly on a signal, even if a second one follows', async () => {
  const server = await states.idle(startServer);
  const { code, signal } = await signalTwice(server);
  expect(signal).toBeNull();
  expect([0, 1]).toContain(code);
});

it.each([
  ['an upload arrives', states.uploading],
  ['lines are encoded', states.inference],
  ['a request to the LLM is pending', states['waiting for the LLM']],
  ['a spooled answer is not read', states['sending a spooled answer']],
])('exits with 1 on a second signal while %s, and logs the aborted request', async (_, enter) => {
  const server = await enter(startServer);
  const { reqId } = await server.logged(({ msg }) => msg === 'incoming request');
  expect(await signalTwice(server)).toEqual({ code: 1, signal: null });
  const aborted = server.log.filter(({ msg }) => msg === 'request aborted: the server is shutting down');
  expect(aborted).toMatchObject([{ level: 40, reqId, method: 'POST', path: '/classify' }]);
  expect(aborted[0]?.connection).toMatchObject({ bytesRead: expect.any(Number) as number });
});

it('counts two SIGINTs of one Ctrl-C, from the terminal and from npm, as one', async () => {
  const server = await startServer();
  const upload = request({ host: '127.0.0.1', port: server.port, method: 'POST', path: '/classify' });
  upload.setHeader('content-type', 'text/csv').write('source,log_message\n');
  await server.logged(({ msg }) => msg === 'incoming request');
  const ended = end(server);
  server.process.kill('SIGINT');
  server.process.kill('SIGINT');
  await server.logged(isShuttingDown);
  upload.end('A,User User1 logged in.\n');
  const [response] = (await once(upload, 'response')) as [IncomingMessage];
  expect(await text(response)).toContain('User Action');
  expect(await ended).toEqual({ code: 0, signal: null });
});

it('exits with 1 if CLOSE_TIMEOUT_MS passes while lines are encoded', async () => {
  const server = await states.inference((env) => startServer({ ...env, CLOSE_TIMEOUT_MS: '1' }));
  const ended = end(server);
  server.process.kill('SIGTERM');
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(server.log).toContainEqual(expect.objectContaining({ reason: 'CLOSE_TIMEOUT_MS has passed' }));
  expect(server.log.filter(({ msg }) => msg === 'request aborted: the server is shutting down')).toHaveLength(
    1,
  );
});

it.each([
  ['a promise rejects without a handler', `Promise.reject(new Error('a bug'))`],
  ['an error is not caught', `throw new Error('a bug')`],
])('lets requests finish, exits with 1 and logs the reason when %s', async (_, how) => {
  const server = await startServer(failing(how));
  const upload = request({ host: '127.0.0.1', port: server.port, method: 'POST', path: '/classify' });
  upload.setHeader('content-type', 'text/csv').write('source,log_message\n');
  await server.logged(({ msg }) => msg === 'incoming request');
  const ended = end(server);
  server.process.kill('SIGWINCH');
  const { err } = await server.logged(({ msg }) => String(msg).includes('uncaught error'));
  expect(err).toMatchObject({ message: 'a bug', stack: expect.any(String) as string });
  upload.end('A,User User1 logged in.\n');
  const [response] = (await once(upload, 'response')) as [IncomingMessage];
  expect(await text(response)).toContain('User Action');
  expect(await ended).toEqual({ code: 1, signal: null });
});

it('continues the shutdown if more uncaught errors follow', async () => {
  const server = await startServer(failing(`for (const n of [1, 2, 3]) Promise.reject(new Error(n))`));
  const ended = end(server);
  server.process.kill('SIGWINCH');
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(server.log.filter(({ level }) => level === 50)).toHaveLength(3);
});
