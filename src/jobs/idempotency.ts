import { AppError } from '../errors.js';
import type { UploadedBytes } from '../pipeline/open-upload.js';
import type { Entry } from './entry.js';
import { digestOf, type Job, type JobParameters } from './job.js';

/** What of a request tells whether it comes again. */
interface RepeatableRequest {
  readonly upload: Omit<UploadedBytes, 'bytes'>;
  readonly parameters: JobParameters;
  /** The Idempotency-Key. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * Returns what tells whether a request comes again; undefined if it has no Idempotency-Key. A request is the same if its
 * input, how it is described and its parameters are.
 * @param digest the SHA-256 of the input
 */
export function idempotencyOf(
  { idempotencyKey, upload, parameters }: RepeatableRequest,
  digest: string,
): Job['idempotency'] {
  if (idempotencyKey === undefined) return undefined;
  const { mediaType, charset, contentEncoding, fileName } = upload;
  const request = JSON.stringify([digest, mediaType, charset, contentEncoding, fileName, sorted(parameters)]);
  return { key: digestOf(idempotencyKey), request: digestOf(request) };
}

/**
 * Returns the job that the same request of the same owner has made; undefined if there is none.
 * @throws AppError `idempotency_conflict` when the key belongs to another request
 */
export function jobOfSameRequest(
  entries: Iterable<Entry>,
  idempotency: Job['idempotency'],
  owner: string | undefined,
): Entry | undefined {
  if (!idempotency) return undefined;
  for (const entry of entries) {
    const { job } = entry;
    if (job.idempotency?.key !== idempotency.key || job.owner !== owner) continue;
    if (job.idempotency.request === idempotency.request) return entry;
    throw new AppError(
      'idempotency_conflict',
      'This Idempotency-Key was used with another input or other parameters. Use a new key for a new request.',
    );
  }
  return undefined;
}

function sorted(parameters: JobParameters): [string, unknown][] {
  return Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
}
