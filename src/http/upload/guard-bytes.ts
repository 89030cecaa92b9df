import type { Readable } from 'node:stream';
import { AppError } from '../../errors.js';
import type { UploadPace } from './upload-pace.js';

/** How large an upload may be, and the setting that says so. */
export interface SizeLimit {
  maxBytes: number;
  /** Named in the refusal. */
  setting: 'MAX_UPLOAD_BYTES' | 'MAX_JSON_BYTES';
}

/**
 * The bytes of a stream, asked for one chunk after the other: the sender is held back while nobody asks.
 * The stream is not destroyed when the reader stops early, so that the rest can be dropped.
 * @param moved told of the bytes that have come
 * @throws AppError `upload_too_large`, `upload_timeout`, or `upload_incomplete` when the stream breaks off.
 */
export async function* guardBytes(
  stream: Readable,
  limit: SizeLimit,
  pace: UploadPace,
  moved: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
  let total = 0;
  try {
    for (;;) {
      const next = await pace.waitFor(unbroken(chunks.next()));
      if (next.done) return;
      moved(next.value.length);
      total += next.value.length;
      if (total > limit.maxBytes) throw tooLarge(limit);
      yield next.value;
    }
  } finally {
    // Not awaited: after a time-out the pending read would hold it up, and nobody is left to be told how it ended.
    chunks.return?.().catch(() => undefined);
  }
}

/**
 * Refuses a request that says at its head that it is too large.
 * @param overhead bytes of the request that are not the file's
 * @throws AppError `upload_too_large`
 */
export function refuseDeclaredSize(
  contentLength: string | undefined,
  limit: SizeLimit,
  overhead: number,
): void {
  if (Number(contentLength ?? 0) > limit.maxBytes + overhead) throw tooLarge(limit);
}

/** What a read of the request gives. @throws AppError `upload_incomplete` when the request broke off meanwhile. */
export async function unbroken<T>(
  read: Promise<T>,
  detail = 'The upload broke off before its end.',
): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('FST_')) throw error;
    throw new AppError('upload_incomplete', detail, {}, { cause: error });
  }
}

function tooLarge({ maxBytes, setting }: SizeLimit): AppError {
  const advice = setting === 'MAX_UPLOAD_BYTES' ? 'Split the file' : 'Send fewer logs a request, or a CSV';
  const detail = `The upload is larger than the ${maxBytes} bytes allowed here. ${advice}, or raise ${setting}.`;
  return new AppError('upload_too_large', detail);
}
