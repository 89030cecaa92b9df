import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../files/write-file-atomically.js';
import { isJobId, jobFileSchema, type Job } from './job.js';

/** The folder of one job: its state, its input, its rows and the answers made from them. */
export class JobFolder {
  readonly path: string;

  constructor(
    private readonly jobsDir: string,
    readonly id: string,
  ) {
    this.path = join(jobsDir, id);
  }

  /** The upload as it was received. */
  get input(): string {
    return join(this.path, 'input');
  }

  /** The folder of answers that were made for clients. */
  get answers(): string {
    return join(this.path, 'answers');
  }

  get #file(): string {
    return join(this.path, 'job.json');
  }

  get #summaryFile(): string {
    return join(this.path, 'summary.json');
  }

  async create(): Promise<void> {
    await mkdir(this.path, { mode: 0o700 });
  }

  /** Writes the state of the job. After a crash, the file holds either the old or the new state. */
  async save(job: Job): Promise<void> {
    await writeFileAtomically(this.#file, JSON.stringify(job), 0o600);
  }

  /** Gives the folder another id. Resolves when the disk has the change. */
  async moveTo(id: string): Promise<JobFolder> {
    const moved = new JobFolder(this.jobsDir, id);
    await rename(this.path, moved.path);
    const dir = await open(this.jobsDir);
    try {
      await dir.sync();
    } finally {
      await dir.close();
    }
    return moved;
  }

  /** @throws when job.json or the input is missing or broken */
  async load(): Promise<Job> {
    const job = jobFileSchema.parse(JSON.parse(await readFile(this.#file, 'utf8')));
    const { size } = await stat(this.input);
    if (job.id !== this.id) throw new Error(`job.json is that of the job ${job.id}.`);
    if (size !== job.input.bytes)
      throw new Error(`The input has ${size} bytes instead of ${job.input.bytes}.`);
    return job;
  }

  async saveSummary(summary: unknown): Promise<void> {
    await writeFileAtomically(this.#summaryFile, JSON.stringify(summary), 0o600);
  }

  /** The JSON text of the summary. @throws when the job is not done */
  async loadSummary(): Promise<string> {
    return await readFile(this.#summaryFile, 'utf8');
  }

  /** Bytes of all files of the job. A file that disappears while they are counted has none. */
  async size(): Promise<number> {
    const entries = await readdir(this.path, { recursive: true, withFileTypes: true }).catch(noEntries);
    const sizes = entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  /** Deletes the answers that were made from the rows. */
  async removeAnswers(): Promise<void> {
    await rm(this.answers, { recursive: true, force: true });
    await rm(this.#summaryFile, { force: true });
  }

  /**
   * Deletes the folder. It is renamed first: after a crash amid the deletion, what is left has no id and is removed at
   * the next start.
   */
  async remove(): Promise<void> {
    const removed = `${this.path}.removed`;
    await rename(this.path, removed).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
    await rm(removed, { recursive: true, force: true });
  }
}

/** Returns the folders of all jobs. Deletes what uploads and deletions left behind when the process died. */
export async function findJobFolders(jobsDir: string): Promise<JobFolder[]> {
  const names = await readdir(jobsDir);
  const folders: JobFolder[] = [];
  for (const name of names) {
    if (isJobId(name)) folders.push(new JobFolder(jobsDir, name));
    else if (/^[0-9a-f]{32}\.(part|removed|part\.removed)$/.test(name))
      await rm(join(jobsDir, name), { recursive: true, force: true });
  }
  return folders;
}

function noEntries(): [] {
  return [];
}
