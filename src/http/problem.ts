import type { AppError } from '../errors.js';
import type { Problem } from './schemas/problem.js';

/** The media type of a problem's JSON (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** What clients are told of an error in the request of this id. */
export function toProblem(error: AppError, requestId: string): Problem {
  const { title, status, code, message, place } = error;
  return { type: 'about:blank', title, status, code, detail: message, ...place, request_id: requestId };
}
