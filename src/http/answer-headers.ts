import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** The header with the id of a request, in requests and in answers. */
export const REQUEST_ID_HEADER = 'x-request-id';

/**
 * Browsers must not load anything from other sites, show our pages in frames or guess media types. HSTS is left to a proxy
 * that handles TLS, because this server speaks plain HTTP.
 */
const setSecurityHeaders = helmet({
  strictTransportSecurity: false,
  // With helmet's default, "no-referrer", browsers send "Origin: null" for the form of our page. See cross-site.ts.
  referrerPolicy: { policy: 'same-origin' },
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
});

/** Defaults for every answer. Answers contain log lines, so caches must not store them. */
const COMMON_HEADERS = { ...securityHeaders(), 'cache-control': 'no-store' };

/** Returns the headers that every answer has, also those written without Fastify. */
export function answerHeaders(requestId: string): Record<string, string> {
  return { ...COMMON_HEADERS, [REQUEST_ID_HEADER]: requestId };
}

/** helmet can only write into a response. This one is never sent. */
function securityHeaders(): Record<string, string> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  setSecurityHeaders(request, response, () => undefined);
  return Object.fromEntries(
    Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
}
