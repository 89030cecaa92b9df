import type { Readable } from 'node:stream';
import { AppError } from '../../errors.js';
import type { UploadRate } from './upload-rate.js';

/** The largest upload, and the setting that defines it, if there is one. */
export interface SizeLimit {
  maxBytes: number;
  setting?: 'MAX_UPLOAD_BYTES' | 'MAX_JSON_BYTES';
}

/**
 * Yields the chunks of a stream and enforces size and rate. It reads a chunk only on demand, which gives backpressure.
 * When the reader stops early the stream is not destroyed, because its rest is still to be dropped.
 * @param onBytes called with the length of each chunk that arrives
 * @throws AppError `upload_too_large`, `upload_timeout`, or `upload_incomplete` when the stream fails
 */
export async function* guardBytes(
  stream: Readable,
  limit: SizeLimit,
  rate: UploadRate,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
  let total = 0;
  try {
    for (;;) {
      const next = await rate.waitFor(orIncomplete(chunks.next()));
      if (next.done) return;
      onBytes(next.value.length);
      total += next.value.length;
      if (total > limit.maxBytes) throw tooLarge(limit);
      yield next.value;
    }
  } finally {
    // Not awaited: after a timeout a read is still pending. Its result no longer matters.
    chunks.return?.().catch(() => undefined);
  }
}

/**
 * Checks the Content-Length before the body is read.
 * @param overhead bytes that the body may have besides the file
 * @throws AppError `upload_too_large`
 */
export function refuseDeclaredSize(
  contentLength: string | undefined,
  limit: SizeLimit,
  overhead: number,
): void {
  if (Number(contentLength ?? 0) > limit.maxBytes + overhead) throw tooLarge(limit);
}

/**
 * Resolves like a read of the request.
 * @throws AppError `upload_incomplete` when the read fails; errors of Fastify and its plugins as they are
 */
export async function orIncomplete<T>(
  read: Promise<T>,
  detail = 'The upload ended before it was complete. Send it again.',
): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('FST_')) throw error;
    throw new AppError('upload_incomplete', detail, {}, { cause: error });
  }
}

function tooLarge({ maxBytes, setting }: SizeLimit): AppError {
  const problem = `The upload is larger than the limit of ${maxBytes} bytes.`;
  if (setting === undefined) return new AppError('upload_too_large', problem);
  const advice =
    setting === 'MAX_UPLOAD_BYTES' ? 'Split the file' : 'Send fewer logs per request, send a CSV instead';
  return new AppError('upload_too_large', `${problem} ${advice}, or raise ${setting}.`);
}
