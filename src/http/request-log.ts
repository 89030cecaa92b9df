import type { FastifyBaseLogger, FastifyRequest } from 'fastify';

/**
 * Returns a logger that omits the query string of requests, because clients put tokens and names there. It replaces
 * Fastify's serializer for `req`.
 */
export function withoutQueries(logger: FastifyBaseLogger): FastifyBaseLogger {
  return logger.child({}, { serializers: { req: describeRequest } });
}

function describeRequest({ method, url, host, ip, socket }: FastifyRequest): object {
  return { method, url: pathOf(url), host, remoteAddress: ip, remotePort: socket.remotePort };
}

/** Returns the path of a URL, without query string and fragment. */
export function pathOf(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
