import type { IncomingMessage } from 'node:http';

/** Bounds of what is read only to be thrown away. */
export interface DrainLimits {
  maxBytes: number;
  maxMs: number;
}

/** Enough for the rest of most uploads over a local network, and short enough not to be kept busy by it. */
export const DRAIN_LIMITS: DrainLimits = { maxBytes: 256 * 1024 * 1024, maxMs: 10_000 };

/**
 * Reads and drops the rest of a request, so that a client that is still sending (a browser reads no answer
 * before it has sent all) sees the answer and not a reset.
 * @returns whether the request ended within the limits; if not, the connection must be closed after the answer.
 */
export function drain(request: IncomingMessage, limits: DrainLimits): Promise<boolean> {
  if (request.readableEnded || request.destroyed) return Promise.resolve(true);
  return new Promise((resolve) => {
    let dropped = 0;
    const onData = (chunk: Buffer): void => {
      dropped += chunk.length;
      if (dropped > limits.maxBytes) stop(false);
    };
    const onEnd = (): void => stop(true);
    const timer = setTimeout(() => stop(false), limits.maxMs);
    const stop = (whole: boolean): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onEnd);
      resolve(whole);
    };
    // A form's parser reads no further; left in the pipe it would hold back what is to be dropped.
    request.unpipe();
    request.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onEnd);
    request.resume();
  });
}
