import { describe, expect, it, vi } from 'vitest';
import { build } from '../support/app.js';

const ADDRESSES = ['/openapi.json', '/docs/json', '/docs/yaml', '/labels'];

describe('Prepared answers', () => {
  it.each(ADDRESSES)('%s is serialised once for all requests', async (url) => {
    const { app } = await build();
    const sent: unknown[] = [];
    app.addHook('onSend', (_request, _reply, payload, done) => {
      sent.push(payload);
      done();
    });
    const first = await app.inject(url);
    const serialise = vi.spyOn(JSON, 'stringify');
    await app.inject(url);
    expect(serialise).not.toHaveBeenCalled();
    serialise.mockRestore();
    expect(first.statusCode).toBe(200);
    expect(sent[0]).toBeInstanceOf(Buffer);
    expect(sent[1]).toBe(sent[0]);
  });

  it.each(ADDRESSES)('%s is answered 304 if the client has it', async (url) => {
    const { app } = await build();
    const { etag } = (await app.inject(url)).headers;
    for (const known of [String(etag), `"other", W/${String(etag)}`, '*']) {
      const answer = await app.inject({ url, headers: { 'if-none-match': known } });
      expect([answer.statusCode, answer.body, answer.headers.etag]).toEqual([304, '', etag]);
    }
    expect((await app.inject({ url, headers: { 'if-none-match': '"other"' } })).statusCode).toBe(200);
  });

  it('are the same description at both addresses, and as YAML', async () => {
    const { app } = await build();
    const [own, docs, yaml] = await Promise.all(ADDRESSES.map((url) => app.inject(url)));
    expect(docs?.body).toBe(own?.body);
    expect(own?.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(yaml?.body).toContain('openapi: 3.1.0');
    expect(yaml?.headers['content-type']).toBe('application/x-yaml');
  });

  it.each(ADDRESSES)('%s is asked for anew each time, by whoever keeps it', async (url) => {
    const { app } = await build();
    expect((await app.inject(url)).headers['cache-control']).toBe('no-cache');
  });

  it('have no body for HEAD', async () => {
    const { app } = await build();
    const head = await app.inject({ method: 'HEAD', url: '/openapi.json' });
    const { body, headers } = await app.inject('/openapi.json');
    expect([head.body, head.headers['content-length']]).toEqual(['', String(Buffer.byteLength(body))]);
    expect(head.headers.etag).toBe(headers.etag);
  });
});
