import type { JobFolder } from './job-folder.js';
import type { RunProgress } from './run-progress.js';
import type { Job } from './job.js';

/** A job and what belongs to it in this process. */
export interface Entry {
  readonly job: Job;
  readonly folder: JobFolder;
  /** Whether its files cannot be used, so that it cannot run again. */
  readonly isDamaged?: boolean;
  progress?: RunProgress;
  abort?: AbortController;
  readonly listeners: Set<() => void>;
}

/** Tells those who watch a job that it has changed. */
export function notify({ listeners }: Entry): void {
  for (const listener of listeners) listener();
}
