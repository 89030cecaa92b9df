import { z } from 'zod';
import { JOB_STATES, versionsOf } from '../../jobs/job.js';
import type { JobView } from '../../jobs/job-view.js';
import { warningSchema } from './classify.js';

const time = (description: string) => z.iso.datetime().describe(description);
const counts = (description: string) => z.record(z.string(), z.int()).describe(description);

/** The parameters in the address of a job. */
export const jobParamsSchema = z.object({ id: z.string().describe('The id of the job.') });

/** A job: its state, how far it has come and what it has counted. */
export const jobSchema = z
  .object({
    id: z.string().describe('The id of the job. Who has it may use the job.'),
    state: z
      .enum(JOB_STATES)
      .describe('A job that failed or was cancelled keeps its input and can be retried.'),
    created: time('When the upload was complete.'),
    started: time('When labelling began.').optional(),
    finished: time('When the job ended.').optional(),
    expires: time('When the job will be deleted. Missing while it has not ended.').optional(),
    file_name: z.string().optional(),
    bytes: z.int().describe('Bytes of the input, as uploaded.'),
    bytes_read: z.int().describe('Bytes of the input that have been read.'),
    rows: z.int().describe('Rows that have been labelled.'),
    rows_per_second: z.int().optional().describe('While the job runs.'),
    seconds_left: z.int().optional().describe('An estimate while the job runs.'),
    jobs_waiting: z
      .int()
      .optional()
      .describe('While the job is queued: how many jobs wait, this one included.'),
    parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    labels: counts('Rows by label.'),
    tiers: counts('Rows by tier.'),
    notes: counts('Rows by note.'),
    warnings: z.array(warningSchema).describe('Complete when the job is done.'),
    classifier_version: z.string().optional().describe('The version that labels the rows.'),
    corrections_version: z
      .string()
      .optional()
      .describe('The version of the corrections that label the rows. Missing if there are none.'),
    problem: z
      .object({
        code: z.string(),
        title: z.string(),
        status: z.int(),
        detail: z.string(),
        line: z.int().optional(),
      })
      .loose()
      .optional()
      .describe('Why the job failed.'),
  })
  .meta({ id: 'Job' });

/** A job as JSON. */
export type JobJson = z.input<typeof jobSchema>;

/** The jobs of a browser. */
export const jobListSchema = z.object({ jobs: z.array(jobSchema) }).meta({ id: 'JobList' });

/** Returns a job as JSON. */
export function toJobJson(view: JobView): JobJson {
  const { counts: counted, input, problem } = view;
  const versions = versionsOf(view);
  return {
    id: view.id,
    state: view.state,
    created: toIso(view.created),
    started: toIsoOrNothing(view.started),
    finished: toIsoOrNothing(view.finished),
    expires: toIsoOrNothing(view.expires),
    file_name: input.fileName,
    bytes: input.bytes,
    bytes_read: view.bytesRead,
    rows: counted.rows,
    rows_per_second: view.rowsPerSecond,
    seconds_left: view.secondsLeft,
    jobs_waiting: view.queued,
    parameters: definedOnly(view.parameters),
    labels: counted.labels,
    tiers: counted.tiers,
    notes: counted.notes,
    warnings: view.warnings as z.input<typeof warningSchema>[],
    classifier_version: versions.classifier,
    corrections_version: versions.corrections,
    problem: problem,
  };
}

/** A time in milliseconds since 1970 as ISO 8601. */
export function toIso(time: number): string {
  return new Date(time).toISOString();
}

function definedOnly(values: object): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function toIsoOrNothing(time: number | undefined): string | undefined {
  return time === undefined ? undefined : toIso(time);
}
