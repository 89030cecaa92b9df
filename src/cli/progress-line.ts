/** The stream that progress is written to, usually standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** The least time between two updates, in milliseconds. A terminal line is overwritten; a log gets a line each time. */
const TERMINAL_INTERVAL = 100;
const LOG_INTERVAL = 5000;

/** Shows the progress of each step of a long task and the time left in the step. */
export class ProgressLine {
  #step: string | undefined;
  #startedAt = 0;
  #shownAt = 0;

  /** @param now returns the time in milliseconds */
  constructor(
    private readonly stream: ProgressStream,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Reports that `done` of `total` items of a step are done. A new step name begins a new line. */
  update(step: string, done: number, total: number): void {
    const now = this.now();
    const isNew = step !== this.#step;
    if (isNew) {
      this.end();
      this.#step = step;
      this.#startedAt = now;
    }
    const interval = this.stream.isTTY ? TERMINAL_INTERVAL : LOG_INTERVAL;
    if (!isNew && done < total && now - this.#shownAt < interval) return;
    this.#shownAt = now;
    const timeText = done === total ? 'done' : timeLeft(now - this.#startedAt, done, total);
    this.#write(`${step} ${done}/${total}${timeText === '' ? '' : `, ${timeText}`}`);
  }

  /** Ends the line of the last step. Call it before other output. */
  end(): void {
    if (this.#step !== undefined && this.stream.isTTY) this.stream.write('\n');
    this.#step = undefined;
  }

  #write(text: string): void {
    this.stream.write(this.stream.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
  }
}

/** Returns the time left in seconds, extrapolated from the rate so far; empty in the first second. */
function timeLeft(elapsedMs: number, done: number, total: number): string {
  if (elapsedMs < 1000) return '';
  return `${Math.ceil((elapsedMs / done) * (total - done) * 0.001)} s left`;
}
