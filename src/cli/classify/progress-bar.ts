import type { SingleBar } from 'cli-progress';

/** Shows how far the reading of a file is. */
export interface Progress {
  /** Counts bytes as they are read. */
  bytes(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** Counts labelled rows. */
  rows(count: number): void;
  stop(): void;
}

/** Shows nothing. */
export const noProgress: Progress = {
  bytes: (source) => source,
  rows: () => undefined,
  stop: () => undefined,
};

const FORMAT = '{name} [{bar}] {percentage}% | {rows} rows, {rate} rows/s | {eta_formatted} left';

/** Shows a bar with rate and time left on standard error, which must be a terminal. It disappears at the end. */
export async function openProgressBar(name: string, size: number): Promise<Progress> {
  const { default: library } = await import('cli-progress');
  // Without its own handlers of signals and without a hidden cursor, nothing has to be undone at the end.
  const bar: SingleBar = new library.SingleBar(
    { format: FORMAT, stream: process.stderr, clearOnComplete: true, gracefulExit: false, etaBuffer: 100 },
    library.Presets.legacy,
  );
  const startedAt = performance.now();
  let rows = 0;
  bar.start(size, 0, { name, rows, rate: 0 });
  return {
    async *bytes(source) {
      for await (const piece of source) {
        bar.increment(piece.length);
        yield piece;
      }
    },
    rows(count) {
      rows += count;
      bar.update({ rows, rate: Math.round((rows / (performance.now() - startedAt)) * 1000) });
    },
    stop: () => bar.stop(),
  };
}
