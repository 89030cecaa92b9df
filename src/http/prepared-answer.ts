import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * An answer that is serialised once. All requests share one buffer, so slow clients cost no extra memory. Clients that have
 * the current version get 304.
 */
export class PreparedAnswer {
  readonly #body: Buffer;
  readonly #etag: string;

  constructor(
    text: string,
    private readonly mediaType: string,
  ) {
    this.#body = Buffer.from(text);
    this.#etag = `"${createHash('sha256').update(this.#body).digest('base64url')}"`;
  }

  /** Sends the answer, or 304. */
  send(request: FastifyRequest, reply: FastifyReply): void {
    reply.header('etag', this.#etag).header('cache-control', 'no-cache');
    if (this.#matches(request.headers['if-none-match'])) reply.status(304).send();
    else reply.type(this.mediaType).send(this.#body);
  }

  /** Whether If-None-Match names this version or is `*`. Weak and strong tags compare as equal (RFC 9110, 13.1.2). */
  #matches(ifNoneMatch: string | undefined): boolean {
    const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    return tags.includes('*') || tags.includes(this.#etag);
  }
}
