import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

/** The header that names a request, in requests and in answers. */
export const REQUEST_ID_HEADER = 'x-request-id';

/**
 * Security headers: a browser may load nothing from elsewhere, frame no page and guess no media type. TLS is
 * left to the proxy that speaks it: this server speaks plain HTTP.
 */
const setSecurityHeaders = helmet({
  strictTransportSecurity: false,
  // With helmet's own "no-referrer", browsers send "Origin: null" for the form of our page. See cross-site.ts.
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

/** What every answer carries unless its route sets another value: nothing is stored, for answers hold log lines. */
const COMMON_HEADERS = { ...securityHeaders(), 'cache-control': 'no-store' };

/** The headers of any answer to the request of this id, whichever part of the server writes the answer. */
export function answerHeaders(requestId: string): Record<string, string> {
  return { ...COMMON_HEADERS, [REQUEST_ID_HEADER]: requestId };
}

/** helmet writes into a response; this one is never sent. */
function securityHeaders(): Record<string, string> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  setSecurityHeaders(request, response, () => undefined);
  return Object.fromEntries(
    Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
}
