import type { FastifyError } from 'fastify';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { toAppError } from '../../src/http/library-errors.js';
import { build } from '../support/app.js';

/** A form with this many parts. `nameEnd` follows the name in the header of each. */
function manyParts(count: number, nameEnd: string) {
  const part = `--b\r\nContent-Disposition: form-data; name="a"${nameEnd}\r\n\r\n\r\n`;
  return {
    method: 'POST',
    url: '/classify',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    payload: `${part.repeat(count)}--b--\r\n`,
  } as const;
}

describe('A client error of a library keeps its status', () => {
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

  it.each([402, 409, 414, 422, 429, 451])('%i, which has no code', async (status) => {
    const { app } = await build();
    app.get('/library', () => {
      throw Object.assign(new Error('Said by a library'), { statusCode: status });
    });
    const answer = await app.inject('/library');
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ status, code: 'request_invalid', detail: 'Said by a library' });
  });

  it.each([undefined, 200, 500, 503])(
    'but status %s becomes 500, and its message is not sent',
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

describe('An error of a library', () => {
  const errorOf = (statusCode: number | undefined, code = 'FST_OTHER') =>
    Object.assign(new Error('Said by a library'), { code, statusCode }) as FastifyError;

  it.each([
    [399, 'internal', 500],
    [400, 'request_invalid', 400],
    [499, 'request_invalid', 499],
    [500, 'internal', 500],
  ])('with status %i becomes %s with %i and is its cause', (given, code, status) => {
    const error = errorOf(given);
    expect(toAppError(error)).toMatchObject({ code, status, cause: error });
  });

  it('is mapped by its code if that is known, and is the cause', () => {
    const error = errorOf(406, 'FST_INVALID_JSON_FIELD_ERROR');
    expect(toAppError(error)).toMatchObject({
      code: 'request_invalid',
      status: 400,
      message: 'Said by a library',
      cause: error,
    });
    expect(toAppError(errorOf(413, 'FST_PARTS_LIMIT')).message).toMatch(/too many parts/);
  });

  it('of the server gets a fixed message', () => {
    expect(toAppError(errorOf(undefined)).message).toBe(
      'The server failed to process the request. Its log names the cause.',
    );
  });

  it('is unchanged if it is an AppError', () => {
    const error = new AppError('busy', 'No.');
    expect(toAppError(error as AppError & FastifyError)).toBe(error);
  });
});
