/** A job that waits for its turn. */
export interface QueuedJob {
  readonly id: string;
  readonly bytes: number;
  /** When it was queued, in milliseconds since 1970. */
  readonly queued: number;
}

/** Every so many starts, the job that has waited longest begins, whatever its size. */
const OLDEST_EVERY = 3;

/** Decides which job begins next: the smallest, but every third time the one that has waited longest. */
export class JobQueue<Queued extends QueuedJob = QueuedJob> {
  readonly #waiting = new Map<string, Queued>();
  #starts = 0;

  /** How many jobs wait. */
  get size(): number {
    return this.#waiting.size;
  }

  add(job: Queued): void {
    this.#waiting.set(job.id, job);
  }

  /** Takes a job out that is not to begin any more. Returns whether it waited. */
  remove(id: string): boolean {
    return this.#waiting.delete(id);
  }

  /** Takes the next job out; undefined if none waits. */
  next(): Queued | undefined {
    // Asking an empty queue is no start.
    if (this.size === 0) return undefined;
    this.#starts += 1;
    const takesOldest = this.#starts % OLDEST_EVERY === 0;
    const before = takesOldest
      ? (a: Queued, b: Queued): boolean => a.queued < b.queued
      : (a: Queued, b: Queued): boolean => a.bytes < b.bytes;
    let best: Queued | undefined;
    for (const job of this.#waiting.values()) if (!best || before(job, best)) best = job;
    if (best) this.#waiting.delete(best.id);
    return best;
  }
}
