import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { labelParametersSchema } from '../pipeline/label-parameters.js';

/**
 * `queued`: waits for its turn. `running`: is being labelled. `done`: can be asked. `failed`: the error says why.
 * `cancelled`: was stopped by its owner. A job that failed or was cancelled keeps its input and can be retried.
 */
export const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** The parameters of a job: those of labelling, without those of a single answer. */
export const jobParametersSchema = labelParametersSchema.omit({ stream: true });
export type JobParameters = z.infer<typeof jobParametersSchema>;

const counts = z.record(z.string(), z.number());

/** job.json: what a job is, and how far it has come. All times are in milliseconds since 1970. */
export const jobFileSchema = z.object({
  id: z.string(),
  state: z.enum(JOB_STATES),
  created: z.number(),
  started: z.number().optional(),
  finished: z.number().optional(),
  input: z.object({
    bytes: z.number(),
    fileName: z.string().optional(),
    mediaType: z.string().optional(),
    charset: z.string().optional(),
    contentEncoding: z.string().optional(),
    isForm: z.boolean(),
  }),
  parameters: jobParametersSchema,
  /** See versionText. A job that another version has begun starts again. */
  version: z.string().optional(),
  /** The SHA-256 of the owner's cookie, if a browser made the job. */
  owner: z.string().optional(),
  /** The request that made the job, for clients that send it again with the same Idempotency-Key. */
  idempotency: z.object({ key: z.string(), request: z.string() }).optional(),
  counts: z.object({ rows: z.number(), labels: counts, tiers: counts, notes: counts, cut: z.number() }),
  warnings: z.array(
    z.object({ code: z.string(), count: z.number(), value: z.string().optional(), message: z.string() }),
  ),
  /** Why the job failed: a problem as HTTP sends it. */
  problem: z
    .object({
      code: z.string(),
      title: z.string(),
      detail: z.string(),
      status: z.number(),
      line: z.number().optional(),
    })
    .catchall(z.unknown())
    .optional(),
});

/** What a job is, and how far it has come. */
export type Job = z.infer<typeof jobFileSchema>;

/**
 * Returns the text that names all that labels depend on, apart from the input: the version of the classifier, that of the
 * product and, if there are any, that of the corrections. Rows of two versions are never mixed in one job.
 */
export function versionText(
  { version, corrections }: { version: string; corrections?: string | undefined },
  productVersion: string,
): string {
  return [version, productVersion, ...(corrections === undefined ? [] : [corrections])].join(' ');
}

/** Returns the versions of the classifier and of the corrections that label the rows of a job. */
export function versionsOf({ version }: Pick<Job, 'version'>): {
  classifier: string | undefined;
  corrections: string | undefined;
} {
  const [classifier, , corrections] = version?.split(' ') ?? [];
  return { classifier, corrections };
}

/** Returns a new id: 128 random bits as 32 hex digits. Who has it may use the job. */
export function newJobId(): string {
  return randomBytes(16).toString('hex');
}

/** Whether a text may be the id of a job. */
export function isJobId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** Returns the SHA-256 of a text, in hex. Cookies and request keys are kept in this form only. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether a job has ended, in one way or another. */
export function isFinished({ state }: Pick<Job, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

/** The counts of a job that has not begun. */
export function noCounts(): Job['counts'] {
  return { rows: 0, labels: {}, tiers: {}, notes: {}, cut: 0 };
}

/** Returns what clients may know of a job: not the digests of its owner's cookie and of the request. */
export function withoutSecrets(job: Job): Omit<Job, 'owner' | 'idempotency'> {
  const shown = { ...job };
  delete shown.owner;
  delete shown.idempotency;
  return shown;
}

/** Removes what the last run of a job has left in it. */
export function forgetRun(job: Job): void {
  delete job.version;
  delete job.started;
  delete job.finished;
  delete job.problem;
  job.counts = noCounts();
  job.warnings = [];
}
