/**
 * The flush mark of bytes: a piece without bytes among the pieces of a live input. It asks every reader to pass on what it
 * has, because the next bytes may not come for hours. Two marks in a row mean that the source is quiet, so that a reader
 * can also end a record that might have gone on. An empty piece that comes from a network is another object, and no mark.
 *
 * A piece of text without characters is the flush mark of text.
 */
export const FLUSH_MARK: Buffer = Buffer.alloc(0);

/** Whether a piece is the flush mark. */
export function isFlushMark(piece: Uint8Array): boolean {
  return piece === FLUSH_MARK;
}

/** Bytes are passed on this long after they arrived. */
const FLUSH_MS = 50;

/** A source is quiet if it sends nothing for this long. */
const QUIET_MS = 100;

/** Settings of a live input. */
export interface LiveOptions {
  /** Ends the input when it aborts, as if the source had ended. */
  end?: AbortSignal | undefined;
  /** How long bytes may wait. Default: 50. */
  flushMs?: number;
  /** After how long the source is quiet. Default: 100. */
  quietMs?: number;
}

/**
 * Passes the bytes of a live source on, such as a pipe, with a flush mark 50 ms after bytes have arrived and another one when
 * nothing has arrived for 100 ms. Time counts only while the reader waits, so a slow reader causes no marks.
 * @throws the error of the source
 */
export async function* liveBytes(
  source: AsyncIterable<Uint8Array>,
  { end, flushMs = FLUSH_MS, quietMs = QUIET_MS }: LiveOptions = {},
): AsyncGenerator<Uint8Array, void> {
  const pieces = source[Symbol.asyncIterator]();
  let reading = next(pieces);
  /** The marks since the last bytes. Nothing has to be passed on before the first bytes. */
  let marks = 2;
  let flushAt = 0;
  try {
    for (;;) {
      const waitMs = [flushAt - performance.now(), quietMs - flushMs][marks];
      const isDue = waitMs !== undefined && waitMs <= 0;
      const piece = isDue ? 'quiet' : await firstOf(reading, waitMs, end);
      if (piece === 'quiet') {
        marks += 1;
        yield FLUSH_MARK;
      } else if (piece === 'ended' || piece.done === true) {
        return;
      } else {
        if (marks > 0) flushAt = performance.now() + flushMs;
        marks = 0;
        reading = next(pieces);
        yield piece.value;
      }
    }
  } finally {
    // Not awaited: a pending read only ends with the next bytes, and its result no longer matters.
    Promise.resolve(pieces.return?.()).catch(() => undefined);
  }
}

/** Reads on. If nobody waits for the result any more, a rejection must not count as unhandled. */
function next(pieces: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
  const reading = pieces.next();
  reading.catch(() => undefined);
  return reading;
}

/** Waits for a read, for some time or without end, and for the end of the input. Leaves no timer and no listener. */
function firstOf<T>(
  reading: Promise<T>,
  waitMs: number | undefined,
  end: AbortSignal | undefined,
): Promise<T | 'quiet' | 'ended'> {
  return new Promise((resolve) => {
    // Timers run before the system is asked for bytes. After a turn of the event loop they have been read.
    const onTime = (): unknown => setImmediate(() => settle(() => resolve('quiet')));
    const timer = waitMs === undefined ? undefined : setTimeout(onTime, waitMs);
    const onEnd = (): void => settle(() => resolve('ended'));
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      end?.removeEventListener('abort', onEnd);
      how();
    };
    end?.addEventListener('abort', onEnd, { once: true });
    if (end?.aborted === true) onEnd();
    // An error is that of the result, too.
    const onRead = (): void => settle(() => resolve(reading));
    reading.then(onRead, onRead);
  });
}
