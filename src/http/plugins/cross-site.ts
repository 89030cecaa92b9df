import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { AppError } from '../../errors.js';

/** Methods that change nothing and cost little. Browsers let any page send them. */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses requests that a page of another site makes a browser send, such as a form post (CSRF). */
export default fp(
  (app: FastifyInstance) => {
    app.addHook('onRequest', (request, _reply, done) => {
      if (SAFE_METHODS.has(request.method) || !isCrossSite(request.headers)) done();
      else
        done(
          new AppError(
            'cross_site',
            'A page of another site sent this request. Use the upload page of this server.',
          ),
        );
    });
  },
  { name: 'cross-site' },
);

/**
 * Whether a page of another site made a browser send the request. Browsers say so in Sec-Fetch-Site; over plain HTTP to
 * another machine they send only Origin. Other programs send neither.
 */
function isCrossSite({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (site === 'same-origin' || site === 'none') return false;
  if (site === 'cross-site') return true;
  if (origin === undefined) return site !== undefined;
  return !isOriginOf(host, origin);
}

/** Whether an origin belongs to this host. The scheme may differ, because a proxy may handle TLS. */
function isOriginOf(host: string | undefined, origin: string): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  if (!/^https?:$/.test(page.protocol)) return false;
  // Both get the scheme of the page: URL then drops the default port from both.
  const own = `${page.protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === page.host;
}
