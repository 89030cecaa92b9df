import Negotiator from 'negotiator';
import { AppError } from '../errors.js';

const mediaTypes = { csv: 'text/csv', json: 'application/json' } as const;

/** What a client may name that means errors only; the answer is then of the body's own type. */
const ERROR_TYPES = ['text/html', 'application/problem+json'];

/** The formats of an answer. */
export type AnswerKind = keyof typeof mediaTypes;

const negotiator = (accept: string | undefined): Negotiator =>
  new Negotiator({ headers: { accept: accept === '' ? undefined : accept } });

/**
 * The format that the client prefers, its body's own if it does not care. Browsers, which name text/html, get
 * the body's own too: HTML is for their errors only.
 * @throws AppError `not_acceptable` when the client takes neither.
 */
export function chooseAnswer(accept: string | undefined, own: AnswerKind): AnswerKind {
  const other = own === 'csv' ? 'json' : 'csv';
  const [preferred] = negotiator(accept).mediaTypes([mediaTypes[own], mediaTypes[other], ...ERROR_TYPES]);
  if (preferred === undefined) {
    throw new AppError('not_acceptable', 'This address sends text/csv and application/json.');
  }
  return preferred === mediaTypes[other] ? other : own;
}

/** Whether the client is a browser that shows the answer to a person: it names text/html and likes it best. */
export function prefersHtml(accept: string | undefined): boolean {
  if (!accept?.toLowerCase().includes('text/html')) return false;
  return (
    negotiator(accept).mediaTypes(['application/problem+json', 'application/json', 'text/html'])[0] ===
    'text/html'
  );
}
