import Negotiator from 'negotiator';
import { AppError } from '../errors.js';

const mediaTypes = { csv: 'text/csv', json: 'application/json' } as const;

/** Accepted types that are sent for errors only. A client that prefers one gets the answer in the format of its body. */
const ERROR_TYPES = ['text/html', 'application/problem+json'];

/** The format of an answer. */
export type AnswerKind = keyof typeof mediaTypes;

const negotiator = (accept: string | undefined): Negotiator =>
  new Negotiator({ headers: { accept: accept === '' ? undefined : accept } });

/**
 * Returns the format that the client prefers. Without a preference it is the format of the body. The same applies to
 * browsers, which prefer HTML: HTML is sent for errors only.
 * @throws AppError `not_acceptable` when the client accepts neither format
 */
export function chooseAnswer(accept: string | undefined, bodyKind: AnswerKind): AnswerKind {
  const other = bodyKind === 'csv' ? 'json' : 'csv';
  const [preferred] = negotiator(accept).mediaTypes([
    mediaTypes[bodyKind],
    mediaTypes[other],
    ...ERROR_TYPES,
  ]);
  if (preferred === undefined) {
    throw new AppError(
      'not_acceptable',
      'The answer can be text/csv or application/json. Name one of them in the Accept header.',
    );
  }
  return preferred === mediaTypes[other] ? other : bodyKind;
}

/** Whether the client is a browser that shows the answer to a person: it names text/html and prefers it. */
export function prefersHtml(accept: string | undefined): boolean {
  if (!accept?.toLowerCase().includes('text/html')) return false;
  return (
    negotiator(accept).mediaTypes(['application/problem+json', 'application/json', 'text/html'])[0] ===
    'text/html'
  );
}
