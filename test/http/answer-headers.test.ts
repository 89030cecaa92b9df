import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { build, listen } from '../support/app.js';
import { askRaw } from '../support/raw-client.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const CSV = { method: 'POST', headers: { 'content-type': 'text/csv' } } as const;

/** Headers that depend on the request or on the body. */
const OWN = ['date', 'connection', 'keep-alive', 'content-type', 'content-length', 'x-request-id', 'allow'];
const shared = (headers: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.includes(name)));

describe('The headers of answers', () => {
  it('are the same for a request that is not HTTP', async () => {
    const { app, port } = await listen();
    const { headers } = await askRaw(port, 'hello\r\n\r\n');
    const ordinary = await app.inject('/health/live');
    expect(shared(headers)).toEqual(shared(ordinary.headers));
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it.each([
    ['an address that cannot be decoded', '/%'],
    ['an unknown address', '/nowhere'],
    ['a wrong method', '/classify'],
  ])('are the same for %s', async (_, address) => {
    const { app } = await build();
    const [answer, ordinary] = [await app.inject(address), await app.inject('/health/live')];
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(shared(answer.headers)).toEqual(shared(ordinary.headers));
  });

  it.each([
    ['labels', 'source,log_message\nA,one\n', 200],
    ['a refusal', 'source\nA\n', 400],
  ])('forbid caches to store %s', async (_, payload, status) => {
    const { app } = await build();
    const answer = await app.inject({ ...CSV, url: '/classify', payload });
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([status, 'no-store']);
  });
});

describe('X-Request-Id', () => {
  it('is the client’s in the answer and in the problem', async () => {
    const { app } = await build();
    const answer = await app.inject({ url: '/nowhere', headers: { 'x-request-id': 'Trace_7.a-b' } });
    expect(answer.headers['x-request-id']).toBe('Trace_7.a-b');
    expect(answer.json()).toMatchObject({ code: 'not_found', request_id: 'Trace_7.a-b' });
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['too long', 'x'.repeat(129)],
    ['with a space', 'a b'],
    ['with a quote', 'a"b'],
    ['two at once', ['a', 'b']],
  ])('is new if the client’s is %s', async (_, id) => {
    const { app } = await build();
    const headers = id === undefined ? {} : { 'x-request-id': id };
    const ids = [
      await app.inject({ url: '/labels', headers }),
      await app.inject({ url: '/labels', headers }),
    ];
    const [first, second] = ids.map((answer) => String(answer.headers['x-request-id']));
    expect(first).toMatch(UUID);
    expect(second).toMatch(UUID);
    expect(first).not.toBe(second);
  });

  it('of 128 characters is kept', async () => {
    const { app } = await build();
    const answer = await app.inject({ url: '/labels', headers: { 'x-request-id': 'x'.repeat(128) } });
    expect(answer.headers['x-request-id']).toBe('x'.repeat(128));
  });

  it('is in the HTML page of a problem', async () => {
    const { app } = await build();
    const headers = { accept: 'text/html', 'x-request-id': 'seen-by-a-person' };
    expect((await app.inject({ url: '/nowhere', headers })).body).toContain('<code>seen-by-a-person</code>');
  });

  it.each([
    ['an address that cannot be decoded', 'GET /% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['no HTTP', 'hello\r\n\r\n'],
  ])('is in the answer and in the problem to %s', async (_, text) => {
    const { port } = await listen();
    const { headers, body } = await askRaw(port, text);
    expect(headers['x-request-id']).toMatch(UUID);
    expect(JSON.parse(body)).toMatchObject({ status: 400, request_id: headers['x-request-id'] });
  });
});

describe('The log of a request', () => {
  /** Returns what is logged during one request. */
  async function logOf(url: string): Promise<Record<string, unknown>[]> {
    const lines: Record<string, unknown>[] = [];
    const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
    const { app } = await build({}, { logger: pino({ level: 'trace' }, { write }) });
    await app.inject({ ...CSV, url, headers: { ...CSV.headers, 'x-request-id': 'id-7' }, payload: 'a\nb\n' });
    return lines;
  }

  it('has the request id in every line', async () => {
    const lines = await logOf('/classify');
    expect(lines.map(({ msg }) => msg)).toEqual(['incoming request', 'request refused', 'request completed']);
    expect(lines.map(({ reqId }) => reqId)).toEqual(['id-7', 'id-7', 'id-7']);
  });

  it('has method, URL, host and remote address', async () => {
    const [line] = await logOf('/labels');
    const req = { method: 'POST', url: '/labels', host: 'localhost:80', remoteAddress: '127.0.0.1' };
    expect(line).toMatchObject({ req });
  });

  it.each(['/health/live', '/health/ready'])(
    'has nothing of %s, which is asked for all the time',
    async (url) => {
      const lines: string[] = [];
      const { app } = await build(
        {},
        { logger: pino({ level: 'info' }, { write: (line) => void lines.push(line) }) },
      );
      expect((await app.inject(url)).statusCode).toBe(200);
      expect(lines).toEqual([]);
    },
  );

  it.each([
    '/classify?details=SECRET',
    '/classify?x=SECRET',
    '/nowhere?SECRET',
    '/%?SECRET',
    '/labels#SECRET',
  ])('has the path of %s without query string and fragment', async (url) => {
    const lines = await logOf(url);
    expect(lines[0]).toMatchObject({ req: { method: 'POST', url: url.replace(/[?#].*/, '') } });
    expect(JSON.stringify(lines)).not.toContain('SECRET');
  });
});
