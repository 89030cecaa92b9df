import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { build } from '../support/app.js';

/** The answer to a request whose handler throws, and what the log has of it. */
async function failWith(error: unknown) {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const { app } = await build({}, { logger: pino({ level: 'info' }, { write }) });
  app.get('/fails', () => {
    throw error;
  });
  const answer = await app.inject('/fails');
  const line = lines.find(({ msg }) => String(msg).startsWith('request ') && msg !== 'request completed');
  return { answer, line };
}

describe('What the log has of an error', () => {
  it.each([
    ['a failure of ours', new AppError('disk_full', 'The disk is full.'), 'disk_full'],
    ['an unknown failure', new Error('The disk is full.'), 'internal'],
  ])('%s is an error with its cause', async (_, error, code) => {
    const { line } = await failWith(error);
    expect(line).toMatchObject({ level: 50, msg: 'request failed', code });
    expect(line).toMatchObject({ err: { message: 'The disk is full.' } });
  });

  it('a failure with a cause is told by the cause', async () => {
    const cause = new Error('no space');
    const { line } = await failWith(new AppError('disk_full', 'The disk is full.', {}, { cause }));
    expect(line).toMatchObject({ err: { message: 'no space' } });
  });

  it.each([
    ['a mistake of the client', new AppError('csv_empty', 'secret cell'), 'csv_empty'],
    ['a server that is busy', new AppError('busy', 'secret cell'), 'busy'],
  ])('%s is only information, without the detail', async (_, error, code) => {
    const { line } = await failWith(error);
    expect(line).toMatchObject({ level: 30, msg: 'request refused', code });
    expect(JSON.stringify(line)).not.toContain('secret cell');
  });
});

describe('The answer to an error', () => {
  it.each([
    ['busy', '2'],
    ['not_ready', '2'],
    ['disk_full', undefined],
    ['csv_empty', undefined],
  ] as const)('%s says to come back after %s seconds', async (code, retryAfter) => {
    const { answer } = await failWith(new AppError(code, 'No.'));
    expect(answer.headers['retry-after']).toBe(retryAfter);
    expect(answer.json()).toMatchObject({ code, detail: 'No.' });
  });

  it('is JSON that no schema of the route has changed', async () => {
    const { answer } = await failWith(new AppError('csv_malformed', 'No.', { line: 3 }));
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({ line: 3, type: 'about:blank' });
  });
});

describe('The answer to an error in a browser', () => {
  it('is a page', async () => {
    const { app } = await build();
    const answer = await app.inject({ url: '/nowhere', headers: { accept: 'text/html' } });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  });
});

describe('An address', () => {
  it('that is not there points to the list of addresses', async () => {
    const { app } = await build();
    expect((await app.inject('/nowhere')).json()).toMatchObject({
      detail: 'The addresses are listed at /docs.',
    });
  });

  it('that takes no such method says which it takes', async () => {
    const { app } = await build();
    const answer = await app.inject({ method: 'DELETE', url: '/labels?x=/' });
    expect(answer.headers.allow).toBe('GET, HEAD');
    expect(answer.json()).toMatchObject({ detail: 'This address takes GET or HEAD, not DELETE.' });
  });

  it('that takes several methods names them in order, whichever was there first', async () => {
    const { app } = await build();
    app.put('/several', () => 'put');
    app.get('/several', () => 'get');
    const answer = await app.inject({ method: 'DELETE', url: '/several' });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD, PUT']);
  });

  it('that takes uploads says how to send one, by hand and by program', async () => {
    const { app } = await build();
    const { detail } = (await app.inject('/classify')).json<{ detail: string }>();
    expect(detail).toMatch(/^This address takes POST, not GET\. .*upload page at \/\. .*curl -F file=@/);
  });
});
