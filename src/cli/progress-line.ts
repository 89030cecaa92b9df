/** Where progress is shown: standard error, or what stands in for it. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How often progress is shown, in milliseconds: on a terminal in place, elsewhere (a log) as a line. */
const TERMINAL_INTERVAL = 100;
const LOG_INTERVAL = 5000;

/** Shows how far the steps of long work are, with the time left in each. */
export class ProgressLine {
  #step: string | undefined;
  #began = 0;
  #shown = 0;

  /** @param now the time in milliseconds */
  constructor(
    private readonly stream: ProgressStream,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Tells that `done` of `total` are done in a step; another name than before begins a new step. */
  update(step: string, done: number, total: number): void {
    const now = this.now();
    const isNew = step !== this.#step;
    if (isNew) {
      this.end();
      this.#step = step;
      this.#began = now;
    }
    const interval = this.stream.isTTY ? TERMINAL_INTERVAL : LOG_INTERVAL;
    if (!isNew && done < total && now - this.#shown < interval) return;
    this.#shown = now;
    const rest = done === total ? 'done' : timeLeft(now - this.#began, done, total);
    this.#write(`${step} ${done}/${total}${rest === '' ? '' : `, ${rest}`}`);
  }

  /** Closes the last step's line, before other output. */
  end(): void {
    if (this.#step !== undefined && this.stream.isTTY) this.stream.write('\n');
    this.#step = undefined;
  }

  #write(text: string): void {
    this.stream.write(this.stream.isTTY ? `\r\u001b[K${text}` : `${text}\n`);
  }
}

/** In whole seconds, at the pace so far; empty as long as there is none. */
function timeLeft(elapsedMs: number, done: number, total: number): string {
  if (elapsedMs < 1000) return '';
  return `${Math.ceil((elapsedMs / done) * (total - done) * 0.001)} s left`;
}
