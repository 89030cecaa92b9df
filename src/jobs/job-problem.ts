import { AppError } from '../errors.js';
import { isDiskFull } from '../files/temporary-file.js';
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

/** Turns the error of the system for a full disk into the one for clients. Returns other errors as they are. */
export function toDiskFull(error: unknown): unknown {
  if (!isDiskFull(error)) return error;
  return new AppError(
    'disk_full',
    'The disk is too full for the job. Try again later.',
    {},
    { cause: error },
  );
}

/** The error of a job whose files are missing or broken. */
export function damagedJob(): AppError {
  return new AppError('job_damaged', 'The files of this job are damaged. Send the input again.');
}
