import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { build } from '../support/app.js';

/** Returns the answer to a request whose handler throws, and its log line. */
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

describe('The log line of an error', () => {
  it.each([
    ['a server error', new AppError('disk_full', 'The disk is full.'), 'disk_full'],
    ['an unknown error', new Error('The disk is full.'), 'internal'],
  ])('for %s has level error and the cause', async (_, error, code) => {
    const { line } = await failWith(error);
    expect(line).toMatchObject({ level: 50, msg: 'request failed', code });
    expect(line).toMatchObject({ err: { message: 'The disk is full.' } });
  });

  it('has the cause of an AppError instead of the AppError', async () => {
    const cause = new Error('no space');
    const { line } = await failWith(new AppError('disk_full', 'The disk is full.', {}, { cause }));
    expect(line).toMatchObject({ err: { message: 'no space' } });
  });

  it.each([
    ['a client error', new AppError('csv_empty', 'secret cell'), 'csv_empty'],
    ['a busy server', new AppError('busy', 'secret cell'), 'busy'],
  ])('for %s has level info and no detail', async (_, error, code) => {
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
  ] as const)('has for %s the Retry-After %s', async (code, retryAfter) => {
    const { answer } = await failWith(new AppError(code, 'No.'));
    expect(answer.headers['retry-after']).toBe(retryAfter);
    expect(answer.json()).toMatchObject({ code, detail: 'No.' });
  });

  it('is JSON that the route’s schema does not change', async () => {
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

describe('A refused address', () => {
  it('that does not exist points to the list of addresses', async () => {
    const { app } = await build();
    expect((await app.inject('/nowhere')).json()).toMatchObject({
      detail: 'There is no page or API at this address. /docs lists all addresses.',
    });
  });

  it('that does not support the method names those that it supports', async () => {
    const { app } = await build();
    const answer = await app.inject({ method: 'DELETE', url: '/labels?x=/' });
    expect(answer.headers.allow).toBe('GET, HEAD');
    expect(answer.json()).toMatchObject({ detail: 'This address supports GET and HEAD, not DELETE.' });
  });

  it('with several methods lists them in alphabetical order', async () => {
    const { app } = await build();
    app.put('/several', () => 'put');
    app.get('/several', () => 'get');
    const answer = await app.inject({ method: 'DELETE', url: '/several' });
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD, PUT']);
  });

  it('of uploads says how to send one, in a browser and by program', async () => {
    const { app } = await build();
    const { detail } = (await app.inject('/classify')).json<{ detail: string }>();
    expect(detail).toMatch(
      /^This address supports HEAD and POST, not GET\. .*upload page at \/\. .*curl -F file=@/,
    );
  });
});
