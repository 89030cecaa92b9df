import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../../config.js';
import { AppError } from '../../errors.js';

/** The settings that decide which names the server answers to. */
export type HostSettings = Pick<Config, 'host' | 'allowedHosts'>;

/**
 * Answers only requests that name this server in their one Host header. A page of an attacker can make its own name
 * mean 127.0.0.1 (DNS rebinding); its requests then look like those of our page, but name the attacker's host.
 */
export default fp(
  (app: FastifyInstance, settings: HostSettings) => {
    const isAllowed = hostRule(settings);
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
  if (name === undefined) return new AppError('host_invalid', 'The Host header is not a name or an address.');
  if (isAllowed(name)) return undefined;
  const detail = `"${name}" is not a known name of this server. Its operator can add names to the setting ALLOWED_HOSTS.`;
  return new AppError('host_unknown', detail);
}

/** The values of all Host headers; in `headers` Node keeps only the first. */
function hostHeaders({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'host');
}

/** The name or address in a Host header: in lower case, without port, brackets and final dot; undefined if malformed. */
function hostName(header: string): string | undefined {
  const match = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{0,5})?$/i.exec(header);
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, '');
}

/**
 * Decides whether the server answers to a name. IP addresses and `localhost` are always allowed: no attacker can make
 * them mean another machine. Without a list, every name is allowed where other machines can connect, and no other
 * name on a loopback address.
 */
function hostRule({ host, allowedHosts }: HostSettings): (name: string) => boolean {
  const listed = new Set(allowedHosts.map((name) => name.toLowerCase()));
  const every = listed.has('*') || (listed.size === 0 && !isLoopback(host));
  return (name) => every || isIP(name) !== 0 || isLocalhost(name) || listed.has(name);
}

function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return isLocalhost(host.toLowerCase());
  return LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
