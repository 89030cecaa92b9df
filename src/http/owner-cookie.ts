import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { digestOf } from '../jobs/job.js';

/** The cookie that says which jobs a browser has made. It is a secret of that browser. */
const NAME = 'log_classifier_owner';

const VALUE = new RegExp(`(?:^|;\\s*)${NAME}=([0-9a-f]{32})(?:;|$)`);

/** A year. The jobs themselves are gone long before. */
const MAX_AGE_S = 31_536_000;

/** Returns the owner that the cookie of a request names, as the digest that jobs keep; undefined without a cookie. */
export function ownerOf(request: FastifyRequest): string | undefined {
  const [, value] = VALUE.exec(request.headers.cookie ?? '') ?? [];
  return value === undefined ? undefined : digestOf(value);
}

/** Gives a browser that has no cookie a new one. Scripts and other sites cannot read or send it. */
export function setOwnerCookie(request: FastifyRequest, reply: FastifyReply): void {
  if (ownerOf(request) !== undefined) return;
  const value = randomBytes(16).toString('hex');
  reply.header('set-cookie', `${NAME}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${MAX_AGE_S}`);
}
