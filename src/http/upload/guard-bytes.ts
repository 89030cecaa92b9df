import type { Readable } from 'node:stream';
import { AppError } from '../../errors.js';
import { withinTime } from './within-time.js';

/** What an upload may cost. */
export interface ByteLimits {
  maxBytes: number;
  /** How long to wait for the next bytes; time that we take ourselves before asking for more does not count. */
  idleTimeoutMs: number;
  /** The setting that holds maxBytes, for whoever reads the refusal. */
  setting: 'MAX_UPLOAD_BYTES' | 'MAX_JSON_BYTES';
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
      const next = await withinTime(unbroken(chunks.next()), limits.idleTimeoutMs);
      if (next.done) return;
      total += next.value.length;
      if (total > limits.maxBytes) throw tooLarge(limits);
      yield next.value;
    }
  } finally {
    // Not awaited: after a time-out the pending read would hold it up, and nobody is left to be told how it ended.
    chunks.return?.().catch(() => undefined);
  }
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

function tooLarge({ maxBytes, setting }: ByteLimits): AppError {
  const advice = setting === 'MAX_UPLOAD_BYTES' ? 'Split the file' : 'Send fewer logs a request, or a CSV';
  const detail = `The upload is larger than the ${maxBytes} bytes allowed here. ${advice}, or raise ${setting}.`;
  return new AppError('upload_too_large', detail);
}
