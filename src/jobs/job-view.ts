import type { Entry } from './entry.js';
import { withoutSecrets, type Job } from './job.js';

/** A job as clients see it, with how fast it goes. */
export interface JobView extends Omit<Job, 'owner' | 'idempotency'> {
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

/**
 * Returns a job as clients see it.
 * @param ttl how long a job is kept after its end, in milliseconds
 * @param waiting how many jobs wait for their turn
 */
export function viewOf({ job, progress }: Entry, ttl: number, waiting: number): JobView {
  const isRunning = job.state === 'running';
  return {
    ...withoutSecrets(job),
    bytesRead: progress?.bytesRead ?? (job.state === 'done' ? job.input.bytes : 0),
    ...(isRunning && progress ? progress.speed(job.counts.rows, job.input.bytes) : {}),
    ...(job.finished === undefined ? {} : { expires: job.finished + ttl }),
    ...(job.state === 'queued' ? { queued: waiting } : {}),
  };
}
