/** How fast a run goes. */
export class RunProgress {
  bytesRead = 0;
  readonly #began = performance.now();

  /** @param firstRows the rows that were labelled before this run */
  constructor(private readonly firstRows: number) {}

  /** Returns the speed so far, and how long the rest will take if it goes on like this. */
  speed(rows: number, bytes: number): { rowsPerSecond?: number; secondsLeft?: number } {
    const seconds = (performance.now() - this.#began) / 1000;
    if (seconds === 0 || this.bytesRead === 0) return {};
    return {
      rowsPerSecond: Math.round((rows - this.firstRows) / seconds),
      secondsLeft: Math.round((seconds * (bytes - this.bytesRead)) / this.bytesRead),
    };
  }
}
