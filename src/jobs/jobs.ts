import { join } from 'node:path';
import { TurnsByKey } from '../async/turns-by-key.js';
import type { Logger } from '../classifier/types.js';
import { AppError } from '../errors.js';
import { makeFolder } from '../files/make-folder.js';
import { toDiskFull } from '../files/temporary-file.js';
import { DiskBudget } from './disk-budget.js';
import { notify, type Entry } from './entry.js';
import { findJobFolders, JobFolder } from './job-folder.js';
import { JOB_DISK_FULL, damagedJob } from './job-problem.js';
import { jobOfSameRequest } from './idempotency.js';
import { JobRunner } from './job-runner.js';
import { loadEntry } from './load-entry.js';
import { forgetRun, isFinished, newJobId, noCounts, type Job, type JobParameters } from './job.js';
import { viewOf, type JobView } from './job-view.js';
import { receiveUpload, type NewJob, type ReceivedUpload } from './receive-upload.js';
import type { RunParts } from './run-job.js';

/** Jobs that are kept at the same time. Each takes some kB of memory. */
const MAX_JOBS = 10_000;

/** How often expired jobs are looked for, in milliseconds. */
const SWEEP_MS = 60_000;

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

/** Long work that survives a restart of the process. */
export class Jobs {
  readonly #entries = new Map<string, Entry>();
  /** Calls that change one job, or have the same Idempotency-Key, happen one after another. */
  readonly #turns = new TurnsByKey();
  readonly #budget: DiskBudget;
  readonly #runner: JobRunner;
  readonly #now: () => number;
  #sweeper: NodeJS.Timeout | undefined;

  private constructor(
    private readonly settings: JobsSettings,
    private readonly parts: JobsParts,
  ) {
    this.#now = parts.now ?? Date.now;
    this.#budget = new DiskBudget(
      settings.jobsMaxBytes,
      () => this.#finished(),
      (id) => this.#delete(id),
    );
    this.#runner = new JobRunner({
      ...parts,
      maxRunningJobs: settings.maxRunningJobs,
      now: this.#now,
      checkBytes: ({ job }) => this.countBytes(job.id),
      noteBytes: async ({ job, folder }) => this.#budget.note(job.id, await folder.size()),
    });
  }

  /**
   * Opens the jobs of a folder, and goes on with those that were not finished when the process ended.
   * @throws the error of the system if the folder cannot be used; an Error if another process uses it
   */
  static async open(settings: JobsSettings, parts: JobsParts): Promise<Jobs> {
    const jobs = new Jobs(settings, parts);
    await makeFolder(settings.dataDir);
    await makeFolder(jobs.#dir, 0o700);
    await parts.store.lock(settings.dataDir);
    for (const folder of await findJobFolders(jobs.#dir)) await jobs.#load(folder);
    jobs.#sweeper = setInterval(() => void jobs.#removeExpired(), SWEEP_MS).unref();
    await jobs.#removeExpired();
    jobs.#runner.start();
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
    const part = new JobFolder(this.#dir, `${newJobId()}.part`);
    try {
      await part.create();
      const received = await receiveUpload(request, part, (bytes) => this.#budget.set(part.id, bytes));
      const { idempotency } = received;
      const add = () => this.#addOnce(request, received, part);
      if (!idempotency) return await add();
      // A client may send a request again while the first one is still being received.
      return await this.#turns.run(`${request.owner ?? ''} ${idempotency.key}`, add);
    } catch (error) {
      this.#budget.forget(part.id);
      await part.remove();
      throw toDiskFull(error, JOB_DISK_FULL);
    }
  }

  /** Returns a job. @throws AppError `job_unknown` */
  view(id: string): JobView {
    return viewOf(this.#entryOf(id), this.settings.jobTtl, this.#runner.waiting);
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
    await this.#turns.run(id, () => this.#runner.cancel(this.#entryOf(id)));
    return this.view(id);
  }

  /** Deletes a job with all its files, whatever its state. @throws AppError `job_unknown` */
  async remove(id: string): Promise<void> {
    await this.#turns.run(id, async () => {
      await this.#runner.cancel(this.#entryOf(id));
      await this.#delete(id);
    });
  }

  /**
   * Starts a job that has ended again, from its input.
   * @param parameters replace those of the same name
   * @throws AppError `job_unknown`; `job_running` if it has not ended; `job_damaged`
   */
  async retry(id: string, parameters: JobParameters): Promise<JobView> {
    await this.#turns.run(id, () => this.#retry(id, parameters));
    return this.view(id);
  }

  async #retry(id: string, parameters: JobParameters): Promise<void> {
    const entry = this.#entryOf(id);
    const { job, folder } = entry;
    if (!isFinished(job))
      throw new AppError('job_running', `The job is ${job.state}. Cancel it, or wait for its end.`);
    if (entry.isDamaged) throw damagedJob();
    delete entry.progress;
    forgetRun(job);
    job.parameters = { ...job.parameters, ...parameters };
    job.state = 'queued';
    await folder.removeAnswers();
    await folder.save(job);
    this.#enqueue(entry);
  }

  /** Counts the bytes of a job again, for instance after an answer was written. @throws AppError `jobs_full` */
  async countBytes(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) return;
    const bytes = await entry.folder.size();
    if (this.#entries.has(id)) await this.#budget.set(id, bytes);
  }

  /** Stops all work. Jobs that run go on after the next start. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    await this.#runner.close();
    await this.parts.store.close();
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

  /** Makes a job of a received upload, unless there is one of the same request. */
  async #addOnce(
    { upload, parameters, owner }: NewJob,
    { bytes, idempotency }: ReceivedUpload,
    part: JobFolder,
  ): Promise<{ job: JobView; isNew: boolean }> {
    const same = jobOfSameRequest(this.#entries.values(), idempotency, owner);
    if (same) {
      this.#budget.forget(part.id);
      await part.remove();
      return { job: this.view(same.job.id), isNew: false };
    }
    const { mediaType, charset, contentEncoding, fileName, isForm } = upload;
    const job: Job = {
      id: newJobId(),
      state: 'queued',
      created: this.#now(),
      input: { bytes, fileName, mediaType, charset, contentEncoding, isForm },
      parameters,
      owner,
      idempotency,
      counts: noCounts(),
      warnings: [],
    };
    await part.save(job);
    const folder = await part.moveTo(job.id);
    this.#budget.rename(part.id, job.id);
    const entry = { job, folder, listeners: new Set<() => void>() };
    this.#entries.set(job.id, entry);
    this.#enqueue(entry);
    return { job: this.view(job.id), isNew: true };
  }

  #enqueue(entry: Entry): void {
    this.#runner.enqueue(entry, this.#now());
    this.#runner.start();
  }

  async #load(folder: JobFolder): Promise<void> {
    const entry = await loadEntry(folder, this.#now(), this.parts.logger);
    const { job } = entry;
    this.#budget.note(folder.id, await folder.size());
    this.#entries.set(folder.id, entry);
    if (!isFinished(job)) this.#runner.enqueue(entry, job.created);
  }

  #finished(): { id: string; finished: number }[] {
    return [...this.#entries.values()].flatMap(({ job }) =>
      isFinished(job) ? [{ id: job.id, finished: job.finished ?? job.created }] : [],
    );
  }

  async #removeExpired(): Promise<void> {
    const limit = this.#now() - this.settings.jobTtl;
    for (const { job } of [...this.#entries.values()]) {
      const { id } = job;
      // Each is looked at when its turn comes: it may have been started again meanwhile.
      if (!isFinished(job) || (job.finished ?? job.created) > limit) continue;
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
