import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * An answer that is serialised once and sent often. Requests share its bytes, so that answers that wait for slow
 * clients cost no memory of their own. A client that has it already is answered 304.
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

  /** Sends it as the reply to the request. */
  send(request: FastifyRequest, reply: FastifyReply): void {
    reply.header('etag', this.#etag).header('cache-control', 'no-cache');
    if (this.#isKnown(request.headers['if-none-match'])) reply.status(304).send();
    else reply.type(this.mediaType).send(this.#body);
  }

  /** Whether the client names this version, or any, in If-None-Match. A weak tag is compared like a strong one. */
  #isKnown(ifNoneMatch: string | undefined): boolean {
    const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    return tags.includes('*') || tags.includes(this.#etag);
  }
}
