import type { AppError } from '../errors.js';
import type { Problem } from './schemas/problem.js';

/** The Content-Type of a problem in JSON (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Returns the body of the answer to a request that failed. */
export function toProblem(error: AppError, requestId: string): Problem {
  const { title, status, code, message, place } = error;
  return { type: 'about:blank', title, status, code, detail: message, ...place, request_id: requestId };
}
