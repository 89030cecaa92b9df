import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { REQUEST_ID_HEADER } from './answer-headers.js';

/** Safe in a header, in a log line and in a shell. */
const SAFE_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Returns the client's X-Request-Id if it is safe, otherwise a new random id. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && SAFE_ID.test(given) ? given : randomUUID();
}
