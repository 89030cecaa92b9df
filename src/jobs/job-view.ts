import type { Job } from './job.js';

/** A job with how fast it goes. Clients get neither owner nor Idempotency-Key, see toJobJson. */
export interface JobView extends Job {
  /** When the job will be deleted, in milliseconds since 1970; missing while it has not ended. */
  readonly expires?: number;
  /** Bytes of the input that have been read. */
  readonly bytesRead: number;
  /** While the job runs. */
  readonly rowsPerSecond?: number;
  readonly secondsLeft?: number;
  /** How many jobs wait before it may begin, if it is queued. */
  readonly queued?: number;
}

/** How fast a run goes. */
export class RunProgress {
  bytesRead = 0;
  readonly #began = performance.now();

  /** @param firstRows the rows that were labelled before this run */
  constructor(private readonly firstRows: number) {}

  /** Returns the speed so far, and how long the rest will take if it goes on like this. */
  speed(rows: number, bytes: number): Pick<JobView, 'rowsPerSecond' | 'secondsLeft'> {
    const seconds = (performance.now() - this.#began) / 1000;
    if (seconds === 0 || this.bytesRead === 0) return {};
    return {
      rowsPerSecond: Math.round((rows - this.firstRows) / seconds),
      secondsLeft: Math.round((seconds * (bytes - this.bytesRead)) / this.bytesRead),
    };
  }
}
