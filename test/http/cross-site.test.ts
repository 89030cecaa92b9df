import { describe, expect, it } from 'vitest';
import { build } from '../support/app.js';

/** Posts a CSV with these headers. */
async function post(headers: Record<string, string>) {
  const { app, classifier } = await build({ host: '0.0.0.0', allowedHosts: [] });
  const answer = await app.inject({
    method: 'POST',
    url: '/classify',
    headers: { host: 'logs.example:8000', 'content-type': 'text/csv', ...headers },
    payload: 'source,log_message\nA,one\n',
  });
  return { answer, asked: classifier.asked };
}

describe('A post', () => {
  it.each([
    ['from a program', {}],
    ['from our page', { 'sec-fetch-site': 'same-origin', origin: 'http://logs.example:8000' }],
    [
      'from our page through a proxy that renames us',
      { 'sec-fetch-site': 'same-origin', origin: 'https://a.b' },
    ],
    ['that the user started', { 'sec-fetch-site': 'none' }],
    ['from our page over plain HTTP', { origin: 'http://logs.example:8000' }],
    ['from our page on the default port', { host: 'logs.example', origin: 'http://logs.example' }],
    ['with the default port in Host', { host: 'logs.example:443', origin: 'https://logs.example' }],
    ['from our page through a proxy with TLS', { host: 'logs.example', origin: 'https://logs.example' }],
    ['with Host in capitals', { host: 'LOGS.example:8000', origin: 'http://logs.example:8000' }],
    [
      'of the same site and our origin',
      { 'sec-fetch-site': 'same-site', origin: 'http://logs.example:8000' },
    ],
  ])('%s is answered', async (_, headers) => {
    const { answer, asked } = await post(headers);
    expect([answer.statusCode, asked]).toEqual([200, ['one']]);
  });

  it.each([
    ['from another site', { 'sec-fetch-site': 'cross-site', origin: 'http://evil.example' }],
    [
      'from another site that claims our origin',
      { 'sec-fetch-site': 'cross-site', origin: 'http://logs.example:8000' },
    ],
    ['from another site without Origin', { 'sec-fetch-site': 'cross-site' }],
    ['from a sibling', { 'sec-fetch-site': 'same-site', origin: 'http://other.logs.example:8000' }],
    ['from a sibling without Origin', { 'sec-fetch-site': 'same-site' }],
    ['from another site over plain HTTP', { origin: 'http://evil.example' }],
    ['from another port over plain HTTP', { origin: 'http://logs.example:9000' }],
    ['from a file or a sandboxed frame', { origin: 'null' }],
    ['from a file of localhost', { host: 'localhost', origin: 'file://localhost' }],
    ['from a page with another scheme', { origin: 'xhttp://logs.example:8000' }],
    ['with an invalid Origin', { origin: 'logs.example:8000' }],
    ['with an empty Host', { host: '', origin: 'http://logs.example:8000' }],
    ['with two origins', { origin: 'http://logs.example:8000, http://evil.example' }],
    ['from a host whose name starts with ours', { origin: 'http://logs.example:8000.evil.example' }],
    ['with an unknown Sec-Fetch-Site', { 'sec-fetch-site': 'same-planet' }],
  ])('%s is refused and not labelled', async (_, headers) => {
    const { answer, asked } = await post(headers);
    expect([answer.statusCode, asked]).toEqual([403, []]);
    expect(answer.json()).toMatchObject({
      code: 'cross_site',
      detail: 'A page of another site sent this request. Use the upload page of this server.',
    });
  });
});

it('a link on another site may open the page', async () => {
  const { app } = await build();
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect((await app.inject({ url: '/', headers })).statusCode).toBe(200);
});

it('a preflight request of another site gets no permission', async () => {
  const { app } = await build();
  const headers = {
    origin: 'http://evil.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  };
  const answer = await app.inject({ method: 'OPTIONS', url: '/classify', headers });
  expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'HEAD, POST']);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
});
