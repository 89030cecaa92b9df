import { AppError } from '../errors.js';

/** A job whose files may be deleted to make room. */
export interface Removable {
  readonly id: string;
  /** When the job finished, in milliseconds since 1970. */
  readonly finished: number;
}

/** Bounds the bytes that all jobs take on the disk. When they are used up, the oldest finished jobs are deleted. */
export class DiskBudget {
  readonly #bytes = new Map<string, number>();
  #used = 0;

  /**
   * @param maxBytes for all jobs together
   * @param removable returns the finished jobs
   * @param remove deletes a job and calls `forget`
   */
  constructor(
    private readonly maxBytes: number,
    private readonly removable: () => readonly Removable[],
    private readonly remove: (id: string) => Promise<void>,
  ) {}

  /** Bytes of all jobs. */
  get used(): number {
    return this.#used;
  }

  /**
   * Sets how many bytes a job takes, and deletes the oldest finished jobs if all take too many.
   * @throws AppError `jobs_full` when no other job can be deleted
   */
  async set(id: string, bytes: number): Promise<void> {
    this.note(id, bytes);
    while (this.used > this.maxBytes) {
      const oldest = this.removable()
        .filter((job) => job.id !== id)
        .sort((a, b) => a.finished - b.finished)[0];
      if (!oldest) {
        throw new AppError(
          'jobs_full',
          `The jobs take more than JOBS_MAX_BYTES (${this.maxBytes}) bytes, and no finished job is left to delete. Delete jobs, wait for others to end, or raise JOBS_MAX_BYTES.`,
        );
      }
      await this.remove(oldest.id);
    }
  }

  /** Sets how many bytes a job takes, and deletes nothing. */
  note(id: string, bytes: number): void {
    this.#used += bytes - (this.#bytes.get(id) ?? 0);
    this.#bytes.set(id, bytes);
  }

  /** Gives the bytes of an upload to the job that it has become. */
  rename(from: string, to: string): void {
    const bytes = this.#bytes.get(from) ?? 0;
    this.forget(from);
    this.note(to, bytes);
  }

  /** Forgets a job whose files are deleted. */
  forget(id: string): void {
    this.#used -= this.#bytes.get(id) ?? 0;
    this.#bytes.delete(id);
  }
}
