import type { FastifyBaseLogger, FastifyRequest } from 'fastify';

/**
 * A logger that writes requests without their query string: clients put tokens and names there.
 * It replaces Fastify's serializer of `req`.
 */
export function withoutQueries(logger: FastifyBaseLogger): FastifyBaseLogger {
  return logger.child({}, { serializers: { req: describeRequest } });
}

function describeRequest({ method, url, host, ip, socket }: FastifyRequest): object {
  return { method, url: pathOf(url), host, remoteAddress: ip, remotePort: socket.remotePort };
}

/** The path of a request's address, without query string and fragment. */
export function pathOf(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
