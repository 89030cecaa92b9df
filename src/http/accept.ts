import Negotiator from 'negotiator';
import { AppError } from '../errors.js';
import type { AnswerKind } from '../formats/format.js';

const mediaTypes: Readonly<Record<AnswerKind, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
};

/** Accepted types that are sent for errors only. A client that prefers one gets the answer in the format of its body. */
const ERROR_TYPES = ['text/html', 'application/problem+json'];

const negotiator = (accept: string | undefined): Negotiator =>
  new Negotiator({ headers: { accept: accept === '' ? undefined : accept } });

/**
 * Returns the format that the client prefers. Without a preference it is the input's own. The same applies to browsers,
 * which prefer HTML: HTML is sent for errors only.
 * @throws AppError `not_acceptable` when the client accepts none of the formats
 */
export function chooseAnswer(accept: string | undefined, own: AnswerKind): AnswerKind {
  const kinds = Object.keys(mediaTypes) as AnswerKind[];
  const ordered = [own, ...kinds.filter((kind) => kind !== own)];
  const [preferred] = negotiator(accept).mediaTypes([
    ...ordered.map((kind) => mediaTypes[kind]),
    ...ERROR_TYPES,
  ]);
  if (preferred === undefined) {
    throw new AppError(
      'not_acceptable',
      'The answer can be text/csv, application/x-ndjson or application/json. Name one of them in the Accept header.',
    );
  }
  return kinds.find((kind) => mediaTypes[kind] === preferred) ?? own;
}

/** Whether the client prefers CSV to JSON. A client that accepts neither gets JSON. */
export function prefersCsv(accept: string | undefined): boolean {
  return negotiator(accept).mediaTypes([mediaTypes.json, mediaTypes.csv])[0] === mediaTypes.csv;
}

/** Whether the client is a browser that shows the answer to a person: it names text/html and prefers it. */
export function prefersHtml(accept: string | undefined): boolean {
  if (!accept?.toLowerCase().includes('text/html')) return false;
  return (
    negotiator(accept).mediaTypes(['application/problem+json', 'application/json', 'text/html'])[0] ===
    'text/html'
  );
}
