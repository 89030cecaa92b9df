import type { Logger } from '../classifier/types.js';
import type { Entry } from './entry.js';
import type { JobFolder } from './job-folder.js';
import { damagedJob, problemOf } from './job-problem.js';
import { noCounts, type Job } from './job.js';

/** Reads a job from its folder. A job whose files are broken has failed, and stays until it expires or is deleted. */
export async function loadEntry(folder: JobFolder, now: number, logger: Logger): Promise<Entry> {
  const listeners = new Set<() => void>();
  try {
    return { job: await folder.load(), folder, listeners };
  } catch (error) {
    const { id } = folder;
    logger.warn({ err: error, job: id }, 'the folder of a job is broken; the job has failed');
    const job: Job = {
      ...{ id, state: 'failed', created: now, finished: now, input: { bytes: 0, isForm: false } },
      ...{ parameters: {}, counts: noCounts(), warnings: [], problem: problemOf(damagedJob()) },
    };
    return { job, folder, listeners, isDamaged: true };
  }
}
