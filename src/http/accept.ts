import Negotiator from 'negotiator';
import { AppError } from '../errors.js';

const mediaTypes = { csv: 'text/csv', json: 'application/json' } as const;

/** The formats of an answer. */
export type AnswerKind = keyof typeof mediaTypes;

const negotiator = (accept: string | undefined): Negotiator => new Negotiator({ headers: { accept } });

/**
 * The format that the client prefers, its body's own if it does not care. Browsers, which name text/html, get
 * the body's own too: HTML is for their errors only.
 * @throws AppError `not_acceptable` when the client takes neither.
 */
export function chooseAnswer(accept: string | undefined, own: AnswerKind): AnswerKind {
  const other = own === 'csv' ? 'json' : 'csv';
  const [preferred] = negotiator(accept).mediaTypes([mediaTypes[own], mediaTypes[other], 'text/html']);
  if (preferred === undefined) {
    throw new AppError('not_acceptable', 'This address sends text/csv and application/json.');
  }
  if (preferred === 'text/html') return own;
  return preferred === mediaTypes[own] ? own : other;
}

/** Whether the client is a browser that shows the answer to a person: it names text/html and likes it best. */
export function prefersHtml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  return (
    negotiator(accept).mediaTypes(['application/problem+json', 'application/json', 'text/html'])[0] ===
    'text/html'
  );
}
