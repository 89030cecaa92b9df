import { describe, expect, it } from 'vitest';
import { build, listen } from '../support/app.js';
import { askRaw } from '../support/raw-client.js';

/** Returns the status of the answer to a request for this host. */
async function statusFor(host: string, settings: { host: string; allowedHosts: string[] }): Promise<number> {
  const { app } = await build(settings);
  return (await app.inject({ url: '/labels', headers: { host } })).statusCode;
}

describe('A server on a loopback address, without a list', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:8000',
    '10.1.2.3:80',
    '[::1]:8000',
    '[fe80::1]',
    'localhost',
    'LocalHost:8000',
    'localhost.',
    'localhost:',
    'app.localhost:8000',
  ])('answers to %s', async (host) => {
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', 'localhost']) {
      expect(await statusFor(host, { host: address, allowedHosts: [] })).toBe(200);
    }
  });

  it.each([
    'evil.example',
    'evil.example:8000',
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    'log-classifier',
  ])('refuses %s', async (host) => {
    for (const address of ['127.0.0.1', '127.8.8.8', '::1', 'localhost']) {
      expect(await statusFor(host, { host: address, allowedHosts: [] })).toBe(421);
    }
  });

  it('names the host and the setting, and labels nothing', async () => {
    const { app, classifier } = await build({ allowedHosts: [] });
    const answer = await app.inject({
      method: 'POST',
      url: '/classify',
      headers: { host: 'evil.example:8000', 'content-type': 'text/csv' },
      payload: 'source,log_message\nA,one\n',
    });
    expect(answer.json()).toMatchObject({ status: 421, code: 'host_unknown' });
    expect(answer.json<{ detail: string }>().detail).toMatch(/"evil\.example".*ALLOWED_HOSTS/);
    expect(classifier.sessions).toEqual([]);
  });
});

describe('A server that other machines can reach', () => {
  it('answers to every name without a list', async () => {
    for (const host of ['0.0.0.0', '::', '10.1.2.3', 'logs.internal']) {
      expect(await statusFor('log-classifier.default.svc:8000', { host, allowedHosts: [] })).toBe(200);
    }
  });

  it.each([
    ['logs.example.com', 200],
    ['LOGS.example.com.:8000', 200],
    ['10.1.2.3:8000', 200],
    ['localhost', 200],
    ['example.com', 421],
    ['x.logs.example.com', 421],
  ])('with a list answers to %s with %i', async (host, status) => {
    const settings = { host: '0.0.0.0', allowedHosts: ['Logs.Example.com'] };
    expect(await statusFor(host, settings)).toBe(status);
  });
});

it('ALLOWED_HOSTS=* allows every name on a loopback address too', async () => {
  expect(await statusFor('any.name', { host: '127.0.0.1', allowedHosts: ['*'] })).toBe(200);
});

describe('The Host header', () => {
  it.each([
    ['no Host', '', /has no Host/],
    ['an empty Host', 'Host:\r\n', /has no Host/],
    ['two Hosts', 'Host: localhost\r\nHost: localhost\r\n', /more than one Host/],
    ['two Hosts, one foreign', 'Host: localhost\r\nhOsT: evil.example\r\n', /more than one Host/],
    ['a Host with a path', 'Host: a/b\r\n', /not a valid host name or IP address/],
    ['a Host with a user', 'Host: user@localhost\r\n', /not a valid host name or IP address/],
    ['a Host that is a list', 'Host: localhost, evil.example\r\n', /not a valid host name or IP address/],
    ['a Host with an invalid port', 'Host: localhost:80x\r\n', /not a valid host name or IP address/],
    ['a Host with too long a port', 'Host: localhost:123456\r\n', /not a valid host name or IP address/],
    ['an incomplete Host', 'Host: [::1\r\n', /not a valid host name or IP address/],
  ])('of HTTP/1.1 with %s is refused with 400', async (_, header, detail) => {
    const { port } = await listen();
    const { status, headers, body } = await askRaw(
      port,
      `GET /labels HTTP/1.1\r\n${header}Connection: close\r\n\r\n`,
    );
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({
      code: 'host_invalid',
      detail: expect.stringMatching(detail) as string,
      request_id: headers['x-request-id'],
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('is found by its name, not by the values of other headers', async () => {
    const { port } = await listen();
    const headers = 'X-First: host\r\nHost: localhost\r\nX-Last: Host\r\nConnection: close\r\n';
    expect((await askRaw(port, `GET /labels HTTP/1.1\r\n${headers}\r\n`)).status).toBe(200);
  });

  it('may be missing in HTTP/1.0', async () => {
    const { port } = await listen();
    expect((await askRaw(port, 'GET /labels HTTP/1.0\r\n\r\n')).status).toBe(200);
    expect((await askRaw(port, 'GET /labels HTTP/1.0\r\nHost: evil.example\r\n\r\n')).status).toBe(421);
  });
});
