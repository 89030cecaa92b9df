import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { REQUEST_ID_HEADER } from './answer-headers.js';

/** Characters and length that are safe in a header, in a log line and in a shell. */
const SANE_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** The client's own X-Request-Id if it is sane, else a new random one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID();
}
