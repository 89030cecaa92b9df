import type { Readable } from 'node:stream';
import { AppError } from '../../errors.js';

export interface ByteLimits {
  maxBytes: number;
  /** How long to wait for the next bytes; time that we take ourselves before asking for more does not count. */
  idleTimeoutMs: number;
}

/**
 * The bytes of a stream, asked for one chunk after the other: the sender is held back while nobody asks.
 * The stream is not destroyed when the reader stops early, so that the rest can be drained.
 * @throws AppError `upload_too_large`, `upload_timeout`, or `upload_incomplete` when the stream breaks off.
 */
export async function* guardBytes(stream: Readable, limits: ByteLimits): AsyncGenerator<Uint8Array> {
  const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
  let total = 0;
  try {
    for (;;) {
      const next = await withinTime(readNext(chunks), limits.idleTimeoutMs);
      if (next.done) return;
      total += next.value.length;
      if (total > limits.maxBytes) {
        throw new AppError(
          'upload_too_large',
          `The upload is larger than the ${limits.maxBytes} bytes allowed here. Split the file, or raise MAX_UPLOAD_BYTES.`,
        );
      }
      yield next.value;
    }
  } finally {
    // Not awaited: after a time-out the pending read would hold it up.
    void chunks.return?.();
  }
}

async function readNext(chunks: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  try {
    return await chunks.next();
  } catch (error) {
    throw new AppError('upload_incomplete', 'The upload broke off before its end.', {}, { cause: error });
  }
}

async function withinTime<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError('upload_timeout', `Nothing came for ${milliseconds} ms; the upload was given up.`));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
