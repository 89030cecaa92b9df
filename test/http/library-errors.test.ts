import { describe, expect, it } from 'vitest';
import { build } from '../support/app.js';

/** A form of so many parts; the lines follow the name of each in its header. */
function manyParts(count: number, nameEnd: string) {
  const part = `--b\r\nContent-Disposition: form-data; name="a"${nameEnd}\r\n\r\n\r\n`;
  return {
    method: 'POST',
    url: '/classify',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    payload: `${part.repeat(count)}--b--\r\n`,
  } as const;
}

describe('A library’s refusal keeps its status', () => {
  it.each([
    [416, 'range_invalid', { url: '/style.css', headers: { range: 'bytes=999999-' } }],
    [412, 'precondition_failed', { url: '/style.css', headers: { 'if-match': '"other"' } }],
    [403, 'forbidden', { url: '/docs/static//x' }],
    [413, 'form_too_large', manyParts(70, '')],
    [413, 'form_too_large', manyParts(12, '; filename=""')],
    [400, 'request_invalid', { url: '/docs/static/a%00b' }],
  ])('%i %s', async (status, code, request) => {
    const { app } = await build();
    const answer = await app.inject(request);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({ status, code });
  });

  it.each([402, 409, 414, 422, 429, 451])('%i, which has no code of its own', async (status) => {
    const { app } = await build();
    app.get('/library', () => {
      throw Object.assign(new Error('Said by a library'), { statusCode: status });
    });
    const answer = await app.inject('/library');
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ status, code: 'request_invalid', detail: 'Said by a library' });
  });

  it.each([undefined, 200, 500, 503])(
    'but its failure with the status %s is ours, and is not told',
    async (status) => {
      const { app } = await build();
      app.get('/library', () => {
        throw Object.assign(new Error('secret'), { statusCode: status });
      });
      const answer = await app.inject('/library');
      expect(answer.json()).toMatchObject({ status: 500, code: 'internal' });
      expect(answer.body).not.toContain('secret');
    },
  );
});
