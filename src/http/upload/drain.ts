import type { IncomingMessage } from 'node:http';

/** Bounds of what is read only to be thrown away. */
export interface DrainLimits {
  maxBytes: number;
  maxMs: number;
  /** Whoever sends nothing for so long waits for the answer. */
  silenceMs: number;
}

/** Enough for the rest of most uploads over a local network, and short enough not to be kept busy by it. */
export const DRAIN_LIMITS: DrainLimits = { maxBytes: 256 * 1024 * 1024, maxMs: 10_000, silenceMs: 1_000 };

/**
 * Reads and drops the rest of a request, so that a client that is still sending (a browser reads no answer
 * before it has sent all) sees the answer and not a reset. Resolves when the request has ended or a limit is
 * reached; then the answer can be sent, and the rest goes on being dropped for `maxMs` before the connection
 * is cut.
 */
export function drain(request: IncomingMessage, limits: DrainLimits): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let dropped = 0;
    const onData = (chunk: Buffer): void => {
      dropped += chunk.length;
      silence.refresh();
      if (dropped > limits.maxBytes) linger();
    };
    const linger = (): void => {
      const cut = setTimeout(() => request.destroy(), limits.maxMs);
      request.once('close', () => clearTimeout(cut));
      stop();
    };
    const stop = (): void => {
      clearTimeout(whole);
      clearTimeout(silence);
      request.off('data', onData).off('end', stop).off('close', stop).off('error', stop);
      // Without a listener the stream would still flow, but a later error would end the process.
      request.on('error', () => undefined).resume();
      resolve();
    };
    const whole = setTimeout(linger, limits.maxMs);
    const silence = setTimeout(linger, limits.silenceMs);
    // A form's parser reads no further; left in the pipe it would hold back what is to be dropped.
    request.unpipe();
    request.on('data', onData).on('end', stop).on('close', stop).on('error', stop).resume();
  });
}
