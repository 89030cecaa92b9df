import { AppError } from '../errors.js';
import type { Job } from './job.js';

/** Returns why a job failed, as HTTP sends it. The message of an unexpected error stays in the log. */
export function problemOf(error: unknown): NonNullable<Job['problem']> {
  const problem =
    error instanceof AppError
      ? error
      : new AppError('internal', 'The server failed. Its log has the reason.');
  const { code, title, message, status, place } = problem;
  return { code, title, detail: message, status, ...place };
}

/** What clients hear when the disk has no room for a job. */
export const JOB_DISK_FULL = 'The disk is too full for the job. Try again later.';

/** The error of a job whose files are missing or broken. */
export function damagedJob(): AppError {
  return new AppError('job_damaged', 'The files of this job are damaged. Send the input again.');
}
