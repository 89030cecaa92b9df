import { describe, expect, it } from 'vitest';
import { chooseAnswer, prefersHtml } from '../../src/http/accept.js';

describe('The format of an answer', () => {
  it.each([
    [undefined, 'csv', 'csv'],
    ['', 'json', 'json'],
    ['*/*', 'csv', 'csv'],
    ['*/*', 'json', 'json'],
    ['text/csv', 'json', 'csv'],
    ['application/json', 'csv', 'json'],
    ['text/csv;q=0.5, application/json', 'csv', 'json'],
    ['text/csv, application/json', 'json', 'csv'],
    ['text/html', 'csv', 'csv'],
    ['text/html', 'json', 'json'],
    ['application/problem+json', 'csv', 'csv'],
    ['text/html, application/json;q=0.9', 'csv', 'csv'],
    ['application/x-ndjson', 'csv', 'ndjson'],
    ['*/*', 'ndjson', 'ndjson'],
    ['application/json, */*;q=0.1', 'ndjson', 'json'],
  ] as const)('for Accept %j and a %s body is %s', (accept, own, expected) => {
    expect(chooseAnswer(accept, own)).toBe(expected);
  });

  it.each(['image/png', 'text/csv;q=0, application/json;q=0'])('is refused for Accept %j', (accept) => {
    expect(() => chooseAnswer(accept, 'csv')).toThrow(
      expect.objectContaining({
        code: 'not_acceptable',
        message:
          'The answer can be text/csv, application/x-ndjson or application/json. Name one of them in the Accept header.',
      }) as Error,
    );
  });
});

describe('An error', () => {
  it.each(['text/html', 'TEXT/HTML, */*;q=0.8', 'application/json;q=0.5, text/html'])(
    'is a page for Accept %j',
    (accept) => {
      expect(prefersHtml(accept)).toBe(true);
    },
  );

  it.each([
    undefined,
    '',
    '*/*',
    'text/*',
    'application/json, text/html;q=0.9',
    'application/problem+json, text/html;q=0.9',
    'text/html;q=0.1, */*',
  ])('is JSON for Accept %j', (accept) => {
    expect(prefersHtml(accept)).toBe(false);
  });
});
