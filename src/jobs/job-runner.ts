import type { Logger } from '../classifier/types.js';
import { AppError } from '../errors.js';
import { toDiskFull } from '../files/temporary-file.js';
import { notify, type Entry } from './entry.js';
import { JOB_DISK_FULL, problemOf } from './job-problem.js';
import { JobQueue, type QueuedJob } from './job-queue.js';
import { runJob, type RunParts } from './run-job.js';
import type { RunProgress } from './run-progress.js';

/** How often the bytes of a running job are counted, in milliseconds. */
const COUNT_BYTES_MS = 2_000;

/** What the runner needs. */
export interface RunnerParts extends RunParts {
  readonly maxRunningJobs: number;
  readonly logger: Logger;
  readonly now: () => number;
  /** Counts the bytes of a job. @throws AppError `jobs_full` if all jobs take too many */
  readonly checkBytes: (entry: Entry) => Promise<void>;
  /** Counts the bytes of a job that has become smaller. */
  readonly noteBytes: (entry: Entry) => Promise<void>;
}

class Cancelled extends Error {}
class Closing extends Error {}

/** Runs jobs, some at a time, and keeps their state. */
export class JobRunner {
  readonly #queue = new JobQueue<QueuedJob & { entry: Entry }>();
  readonly #runs = new Map<Entry, Promise<void>>();
  #isClosing = false;

  constructor(private readonly parts: RunnerParts) {}

  /** How many jobs wait for their turn. */
  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Lets a job wait for its turn. Call `start` next.
   * @param queued since when it waits, in milliseconds since 1970
   */
  enqueue(entry: Entry, queued: number): void {
    this.#queue.add({ id: entry.job.id, bytes: entry.job.input.bytes, queued, entry });
  }

  /** Begins jobs that wait, as many as may run. */
  start(): void {
    while (!this.#isClosing && this.#runs.size < this.parts.maxRunningJobs) {
      const next = this.#queue.next();
      if (!next) return;
      const { entry } = next;
      const run = this.#run(entry).finally(() => {
        this.#runs.delete(entry);
        this.start();
      });
      this.#runs.set(entry, run);
    }
  }

  /** Stops a job. Does nothing if it has ended. */
  async cancel(entry: Entry): Promise<void> {
    if (this.#queue.remove(entry.job.id)) await this.#end(entry, 'cancelled');
    entry.abort?.abort(new Cancelled('The job was cancelled.'));
    await this.#runs.get(entry);
  }

  /** Stops all runs. Their state on the disk stays `running`, so the next start goes on with them. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const { abort } of this.#runs.keys()) abort?.abort(new Closing('The server is shutting down.'));
    await Promise.allSettled(this.#runs.values());
  }

  /** Runs a job. Never rejects. */
  async #run(entry: Entry): Promise<void> {
    const { job, folder } = entry;
    const abort = new AbortController();
    entry.abort = abort;
    const bytes = setInterval(() => {
      this.parts.checkBytes(entry).catch((error: unknown) => abort.abort(error));
    }, COUNT_BYTES_MS);
    try {
      job.state = 'running';
      job.started ??= this.parts.now();
      await folder.save(job);
      notify(entry);
      const onStart = (progress: RunProgress): void => {
        entry.progress = progress;
      };
      job.warnings = await runJob(job, folder, this.parts, abort.signal, onStart, () => notify(entry));
      // Before the end: a job that is done stays done.
      await this.parts.checkBytes(entry);
      await this.#end(entry, 'done');
    } catch (error) {
      await this.#fail(entry, abort.signal.aborted ? abort.signal.reason : error);
    } finally {
      clearInterval(bytes);
      delete entry.abort;
    }
  }

  async #fail(entry: Entry, reason: unknown): Promise<void> {
    if (reason instanceof Closing) return;
    const { job, folder } = entry;
    const { logger, store } = this.parts;
    try {
      // Its rows are of no use, and without them the disk may have room for its state.
      await store.clear(folder.path);
      await this.parts.noteBytes(entry);
    } catch (error) {
      logger.error({ err: error, job: job.id }, 'the rows of a job could not be deleted');
    }
    try {
      if (reason instanceof Cancelled) {
        await this.#end(entry, 'cancelled');
        return;
      }
      const error = toDiskFull(reason, JOB_DISK_FULL);
      if (!(error instanceof AppError)) logger.error({ err: error, job: job.id }, 'job failed');
      job.problem = problemOf(error);
      await this.#end(entry, 'failed');
    } catch (error) {
      logger.error({ err: error, job: job.id }, 'the state of a job could not be saved');
    }
  }

  async #end(entry: Entry, state: 'done' | 'failed' | 'cancelled'): Promise<void> {
    const { job, folder } = entry;
    job.state = state;
    job.finished = this.parts.now();
    try {
      await folder.save(job);
    } finally {
      notify(entry);
    }
  }
}
