import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { isLocalhost, isLoopback, type Config } from '../../config.js';
import { AppError } from '../../errors.js';

/** The settings that decide which host names the server answers to. */
export type HostSettings = Pick<Config, 'host' | 'allowedHosts'>;

/**
 * Refuses requests whose Host header does not name this server. This prevents DNS rebinding: an attacker's host name
 * resolves to 127.0.0.1, so requests of the attacker's page reach this server. Their Host header has the attacker's name.
 */
export default fp(
  (app: FastifyInstance, settings: HostSettings) => {
    const isAllowed = createHostCheck(settings);
    app.addHook('onRequest', (request, _reply, done) => {
      done(refusal(request.raw, isAllowed));
    });
  },
  { name: 'allowed-hosts' },
);

function refusal(request: IncomingMessage, isAllowed: (name: string) => boolean): AppError | undefined {
  const headers = hostHeaders(request);
  const [header = ''] = headers;
  if (headers.length > 1) return new AppError('host_invalid', 'The request has more than one Host header.');
  if (header === '') {
    if (request.httpVersion === '1.0') return undefined;
    return new AppError('host_invalid', 'The request has no Host header.');
  }
  const name = hostName(header);
  if (name === undefined)
    return new AppError('host_invalid', 'The Host header is not a valid host name or IP address.');
  if (isAllowed(name)) return undefined;
  const detail = `"${name}" is not an allowed host name of this server. Its operator can add it to the setting ALLOWED_HOSTS.`;
  return new AppError('host_unknown', detail);
}

/** Returns the values of all Host headers. Node's `headers` has only the first. */
function hostHeaders({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'host');
}

/** Returns the name or address in lower case, without port, brackets and final dot; undefined if malformed. */
function hostName(header: string): string | undefined {
  const match = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{0,5})?$/i.exec(header);
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '');
}

/**
 * Returns a function that decides whether the server answers to a name. IP addresses and `localhost` are always allowed,
 * because an attacker cannot redirect them. If ALLOWED_HOSTS is empty, no other name is allowed on a loopback address, and
 * every name on any other address.
 */
function createHostCheck({ host, allowedHosts }: HostSettings): (name: string) => boolean {
  const listed = new Set(allowedHosts.map((name) => name.toLowerCase()));
  const allowsAll = listed.has('*') || (listed.size === 0 && !isLoopback(host));
  return (name) => allowsAll || isIP(name) !== 0 || isLocalhost(name) || listed.has(name);
}
