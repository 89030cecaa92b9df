import { createHash } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../classifier/types.js';
import { AppError } from '../errors.js';
import { isDiskFull, writeFully } from '../files/temporary-file.js';
import type { UploadedBytes } from '../pipeline/open-upload.js';
import { DiskBudget } from './disk-budget.js';
import { findJobFolders, JobFolder } from './job-folder.js';
import { JobQueue } from './job-queue.js';
import { digestOf, isFinished, newJobId, noCounts, type Job, type JobParameters } from './job.js';
import type { JobView, RunProgress } from './job-view.js';
import { runJob, type RunParts } from './run-job.js';

/** Jobs that are kept at the same time. Each takes some kB of memory. */
const MAX_JOBS = 10_000;

/** How often expired jobs are looked for, and how often a running job's bytes are counted, in milliseconds. */
const SWEEP_MS = 60_000;
const COUNT_BYTES_MS = 2_000;

/** The budget learns of an upload after this many bytes. */
const BUDGET_STEP_BYTES = 1024 * 1024;

/** Settings of the jobs. */
export interface JobsSettings {
  dataDir: string;
  /** How long a job is kept after its end, in milliseconds. */
  jobTtl: number;
  jobsMaxBytes: number;
  maxRunningJobs: number;
}

/** What jobs need. */
export interface JobsParts extends RunParts {
  logger: Logger;
  /** Tests replace it. */
  now?: () => number;
}

/** An upload that becomes a job. */
export interface NewJob {
  readonly upload: UploadedBytes & { readonly isForm: boolean };
  readonly parameters: JobParameters;
  /** Reads what comes after the file. */
  readonly finish: () => Promise<void>;
  /** The SHA-256 of the owner's cookie. */
  readonly owner?: string | undefined;
  /** The Idempotency-Key of the request. */
  readonly idempotencyKey?: string | undefined;
}

/** A job and what belongs to it in this process. */
interface Entry {
  readonly job: Job;
  readonly folder: JobFolder;
  progress?: RunProgress;
  abort?: AbortController;
  /** Settles when the run has ended. */
  run?: Promise<void>;
  readonly listeners: Set<() => void>;
}

class Cancelled extends Error {}
class Closing extends Error {}

/** Long work that survives a restart of the process. */
export class Jobs {
  readonly #entries = new Map<string, Entry>();
  readonly #queue = new JobQueue();
  readonly #budget: DiskBudget;
  #running = 0;
  #isClosing = false;
  #sweeper: NodeJS.Timeout | undefined;

  private constructor(
    private readonly settings: JobsSettings,
    private readonly parts: JobsParts,
  ) {
    this.#budget = new DiskBudget(
      settings.jobsMaxBytes,
      () => this.#finished(),
      (id) => this.#delete(id),
    );
  }

  /**
   * Opens the jobs of a folder, and goes on with those that were not finished when the process ended.
   * @throws the error of the system if the folder cannot be used; an Error if another process uses it
   */
  static async open(settings: JobsSettings, parts: JobsParts): Promise<Jobs> {
    const jobs = new Jobs(settings, parts);
    await mkdir(jobs.#dir, { recursive: true, mode: 0o700 });
    await parts.store.lock(settings.dataDir);
    for (const folder of await findJobFolders(jobs.#dir)) await jobs.#load(folder);
    jobs.#sweeper = setInterval(() => void jobs.#removeExpired(), SWEEP_MS).unref();
    await jobs.#removeExpired();
    jobs.#startNext();
    return jobs;
  }

  get #dir(): string {
    return join(this.settings.dataDir, 'jobs');
  }

  /**
   * Keeps an upload and queues a job for it. Resolves when the upload is safely on the disk.
   * @returns the job, and whether it is new: the same Idempotency-Key and the same request give the same job
   * @throws AppError `jobs_full`, `disk_full`, `idempotency_conflict`, `busy`; the errors of the upload
   */
  async create(request: NewJob): Promise<{ job: JobView; isNew: boolean }> {
    if (this.#entries.size >= MAX_JOBS)
      throw new AppError('busy', `The server keeps ${MAX_JOBS} jobs, which is its limit. Delete some.`);
    const id = newJobId();
    const part = new JobFolder(this.#dir, `${id}.part`);
    await part.create();
    try {
      const { bytes, digest } = await this.#receive(request, part);
      const idempotency = idempotencyOf(request, digest);
      const same = this.#sameRequest(idempotency, request.owner);
      if (same) {
        await part.remove();
        this.#budget.forget(part.id);
        return { job: this.view(same.job.id), isNew: false };
      }
      const { mediaType, charset, contentEncoding, fileName, isForm } = request.upload;
      const job: Job = {
        id,
        state: 'queued',
        created: this.#now(),
        input: { bytes, fileName, mediaType, charset, contentEncoding, isForm },
        parameters: request.parameters,
        owner: request.owner,
        idempotency,
        counts: noCounts(),
        warnings: [],
      };
      await part.save(job);
      const folder = new JobFolder(this.#dir, id);
      await rename(part.path, folder.path);
      this.#budget.forget(part.id);
      const entry = { job, folder, listeners: new Set<() => void>() };
      this.#entries.set(id, entry);
      await this.#budget.set(id, bytes);
      this.#enqueue(entry);
      return { job: this.view(id), isNew: true };
    } catch (error) {
      this.#budget.forget(part.id);
      await part.remove();
      throw toDiskFull(error);
    }
  }

  /** Returns a job. @throws AppError `job_unknown` */
  view(id: string): JobView {
    const { job, progress } = this.#entryOf(id);
    const { owner: _owner, idempotency: _idempotency, ...shown } = job;
    const isRunning = job.state === 'running';
    return {
      ...shown,
      bytesRead: progress?.bytesRead ?? (job.state === 'done' ? job.input.bytes : 0),
      ...(isRunning && progress ? progress.speed(job.counts.rows, job.input.bytes) : {}),
      ...(job.finished === undefined ? {} : { expires: job.finished + this.settings.jobTtl }),
      ...(job.state === 'queued' ? { queued: this.#queue.size } : {}),
    };
  }

  /**
   * Returns a job that is done, with the folder of its results.
   * @throws AppError `job_unknown`; `job_not_done` with its state
   */
  finished(id: string): { job: Job; folder: JobFolder } {
    const { job, folder } = this.#entryOf(id);
    if (job.state !== 'done') {
      const advice = isFinished(job) ? 'Retry it.' : 'Ask again when it is done.';
      throw new AppError('job_not_done', `The job is ${job.state}, so it has no results yet. ${advice}`);
    }
    return { job, folder };
  }

  /** Returns the jobs of an owner, the newest first. */
  list(owner: string): JobView[] {
    return [...this.#entries.values()]
      .filter(({ job }) => job.owner === owner)
      .sort((a, b) => b.job.created - a.job.created)
      .map(({ job }) => this.view(job.id));
  }

  /**
   * Calls a listener after each change of a job.
   * @returns a function that stops this
   * @throws AppError `job_unknown`
   */
  watch(id: string, listener: () => void): () => void {
    const { listeners } = this.#entryOf(id);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Stops a job; its input is kept. Does nothing if it has ended. @throws AppError `job_unknown` */
  async cancel(id: string): Promise<JobView> {
    const entry = this.#entryOf(id);
    if (this.#queue.remove(id)) await this.#end(entry, 'cancelled');
    entry.abort?.abort(new Cancelled('The job was cancelled.'));
    await entry.run;
    return this.view(id);
  }

  /** Deletes a job with all its files, whatever its state. @throws AppError `job_unknown` */
  async remove(id: string): Promise<void> {
    await this.cancel(id);
    await this.#delete(id);
  }

  /**
   * Starts a job that has ended again, from its input.
   * @param parameters replace those of the same name
   * @throws AppError `job_unknown`; `job_running` if it has not ended
   */
  async retry(id: string, parameters: JobParameters): Promise<JobView> {
    const entry = this.#entryOf(id);
    const { job, folder } = entry;
    if (!isFinished(job))
      throw new AppError('job_running', `The job is ${job.state}. Cancel it, or wait for its end.`);
    await folder.removeAnswers();
    delete job.version;
    delete job.finished;
    delete job.problem;
    job.parameters = { ...job.parameters, ...parameters };
    job.counts = noCounts();
    job.warnings = [];
    job.state = 'queued';
    await folder.save(job);
    this.#enqueue(entry);
    return this.view(id);
  }

  /** Counts the bytes of a job again, for instance after an answer was written. @throws AppError `jobs_full` */
  async countBytes(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (entry) await this.#budget.set(id, await entry.folder.size());
  }

  /** Stops all work. Jobs that run go on after the next start. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#sweeper);
    const runs = [...this.#entries.values()].map((entry) => {
      entry.abort?.abort(new Closing('The server is shutting down.'));
      return entry.run;
    });
    await Promise.allSettled(runs);
    await this.parts.store.close();
  }

  #now(): number {
    return (this.parts.now ?? Date.now)();
  }

  #entryOf(id: string): Entry {
    const entry = this.#entries.get(id);
    // The same error for a wrong id as for a deleted job: it tells nothing about the jobs of others.
    if (!entry)
      throw new AppError(
        'job_unknown',
        'There is no job with this id. It may have been deleted or have expired.',
      );
    return entry;
  }

  /** Writes the upload to the disk. Returns its length and SHA-256. */
  async #receive({ upload, finish }: NewJob, part: JobFolder): Promise<{ bytes: number; digest: string }> {
    const file = await open(part.input, 'wx', 0o600);
    const hash = createHash('sha256');
    let bytes = 0;
    let announced = 0;
    try {
      for await (const piece of upload.bytes) {
        await writeFully(file, piece);
        hash.update(piece);
        bytes += piece.length;
        if (bytes - announced < BUDGET_STEP_BYTES) continue;
        announced = bytes;
        await this.#budget.set(part.id, bytes);
      }
      await finish();
      await file.sync();
    } finally {
      await file.close();
    }
    return { bytes, digest: hash.digest('hex') };
  }

  #sameRequest(idempotency: Job['idempotency'], owner: string | undefined): Entry | undefined {
    if (!idempotency) return undefined;
    for (const entry of this.#entries.values()) {
      const { job } = entry;
      if (job.idempotency?.key !== idempotency.key || job.owner !== owner) continue;
      if (job.idempotency.request === idempotency.request) return entry;
      throw new AppError(
        'idempotency_conflict',
        'This Idempotency-Key was used with another input or other parameters. Use a new key for a new request.',
      );
    }
    return undefined;
  }

  #enqueue({ job }: Entry): void {
    this.#queue.add({ id: job.id, bytes: job.input.bytes, queued: this.#now() });
    this.#startNext();
  }

  #startNext(): void {
    while (!this.#isClosing && this.#running < this.settings.maxRunningJobs) {
      const next = this.#queue.next();
      const entry = next && this.#entries.get(next.id);
      if (!entry) return;
      this.#running += 1;
      entry.run = this.#run(entry).finally(() => {
        this.#running -= 1;
        this.#startNext();
      });
    }
  }

  /** Runs a job. Never rejects. */
  async #run(entry: Entry): Promise<void> {
    const { job, folder } = entry;
    const abort = new AbortController();
    entry.abort = abort;
    const bytes = setInterval(() => {
      this.countBytes(job.id).catch((error: unknown) => abort.abort(error));
    }, COUNT_BYTES_MS);
    try {
      job.state = 'running';
      job.started ??= this.#now();
      await folder.save(job);
      notify(entry);
      const onStart = (progress: RunProgress): void => {
        entry.progress = progress;
      };
      job.warnings = await runJob(job, folder, this.parts, abort.signal, onStart, () => notify(entry));
      await this.#end(entry, 'done');
      await this.countBytes(job.id);
    } catch (error) {
      await this.#fail(entry, abort.signal.aborted ? abort.signal.reason : error);
    } finally {
      clearInterval(bytes);
      delete entry.abort;
    }
  }

  async #fail(entry: Entry, reason: unknown): Promise<void> {
    // Its state on the disk stays `running`, so the next start goes on with it.
    if (reason instanceof Closing) return;
    const { job } = entry;
    const { logger } = this.parts;
    try {
      if (reason instanceof Cancelled) return await this.#end(entry, 'cancelled');
      const error = toDiskFull(reason);
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
    job.finished = this.#now();
    try {
      await folder.save(job);
    } finally {
      notify(entry);
    }
  }

  async #load(folder: JobFolder): Promise<void> {
    const { id } = folder;
    const { logger } = this.parts;
    try {
      const job = await folder.load();
      const entry: Entry = { job, folder, listeners: new Set() };
      this.#entries.set(id, entry);
      await this.#budget.set(id, await folder.size());
      if (!isFinished(job)) this.#queue.add({ id, bytes: job.input.bytes, queued: job.created });
    } catch (error) {
      logger.warn({ err: error, job: id }, 'the folder of a job is broken; the job has failed');
      const problem = problemOf(
        new AppError('internal', 'The files of this job are damaged. Send the input again.'),
      );
      const now = this.#now();
      const job: Job = {
        ...{ id, state: 'failed', created: now, finished: now, input: { bytes: 0, isForm: false } },
        ...{ parameters: {}, counts: noCounts(), warnings: [], problem },
      };
      this.#entries.set(id, { job, folder, listeners: new Set() });
    }
  }

  #finished(): { id: string; finished: number }[] {
    return [...this.#entries.values()].flatMap(({ job }) =>
      isFinished(job) ? [{ id: job.id, finished: job.finished ?? job.created }] : [],
    );
  }

  async #removeExpired(): Promise<void> {
    const limit = this.#now() - this.settings.jobTtl;
    for (const { id, finished } of this.#finished()) {
      if (finished > limit) continue;
      await this.#delete(id).catch((error: unknown) => {
        this.parts.logger.error({ err: error, job: id }, 'an expired job could not be deleted');
      });
    }
  }

  async #delete(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    this.#budget.forget(id);
    if (!entry) return;
    notify(entry);
    await this.parts.store.closeDatabase(entry.folder.path);
    await entry.folder.remove();
  }
}

function notify({ listeners }: Entry): void {
  for (const listener of listeners) listener();
}

/** A request is the same if its input, how it is described and its parameters are. */
function idempotencyOf({ idempotencyKey, upload, parameters }: NewJob, digest: string): Job['idempotency'] {
  if (idempotencyKey === undefined) return undefined;
  const { mediaType, charset, contentEncoding, fileName } = upload;
  const request = JSON.stringify([digest, mediaType, charset, contentEncoding, fileName, sorted(parameters)]);
  return { key: digestOf(idempotencyKey), request: digestOf(request) };
}

function sorted(parameters: JobParameters): [string, unknown][] {
  return Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
}

function problemOf(error: unknown): NonNullable<Job['problem']> {
  const problem =
    error instanceof AppError
      ? error
      : new AppError('internal', 'The server failed. Its log has the reason.');
  const { code, title, message, status, place } = problem;
  return { code, title, detail: message, status, ...place };
}

function toDiskFull(error: unknown): unknown {
  if (!isDiskFull(error)) return error;
  return new AppError(
    'disk_full',
    'The disk is too full for the job. Try again later.',
    {},
    { cause: error },
  );
}
