import type { FastifyReply } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { LabelCatalogue } from '../../classifier/labels.js';
import type { Answers } from '../../jobs/answers.js';
import { rejectedCsv } from '../../jobs/rejected-csv.js';
import { versionsOf } from '../../jobs/job.js';
import type { JobView } from '../../jobs/job-view.js';
import type { Jobs } from '../../jobs/jobs.js';
import type { JobStore } from '../../jobs/store/store.js';
import type { Summary } from '../../jobs/store/summary.js';
import { fromCursor, toCursor } from '../cursors.js';
import { refuseUnknownLabel } from '../known-labels.js';
import { checkParametersOf } from '../parameters.js';
import {
  rejectedQuerySchema,
  rejectedSchema,
  REPEATABLE,
  resultQuerySchema,
  rowsQuerySchema,
  rowsSchema,
  summarySchema,
  templatesQuerySchema,
  templatesSchema,
  toFilter,
} from '../schemas/job-results.js';
import { jobParamsSchema } from '../schemas/jobs.js';
import { toRowJson, toSummaryJson, toTemplateJson } from '../schemas/job-results-json.js';
import { problemResponses } from '../schemas/problem.js';
import { contentDisposition } from '../upload/file-name.js';
import { versionHeaders } from '../version-headers.js';

/** What the results of jobs need. */
export interface JobResultOptions {
  jobs: Jobs;
  answers: Answers;
  store: JobStore;
  catalogue: () => LabelCatalogue;
  /** Returns the threshold of the head in use. */
  threshold: () => number;
}

const tags = ['jobs'];
const problems = problemResponses(400, 404, 409, 500);

/** GET /jobs/{id}/result, /summary, /templates, /rows and /rejected: the results of a finished job. */
export const jobResultRoutes: FastifyPluginCallbackZod<JobResultOptions> = (app, options, done) => {
  const { jobs, answers, store, catalogue, threshold } = options;

  app.get(
    '/jobs/:id/result',
    {
      schema: {
        operationId: 'getJobResult',
        tags,
        summary: 'Download the labelled rows of a job, or some of them',
        description:
          'Without filters, the bytes are those that POST /classify answers. The result is written to the disk at the first request, so ranges work, and the next request for the same one is quick.',
        params: jobParamsSchema,
        querystring: resultQuerySchema,
        response: problems,
      },
      config: {
        answers: {
          'text/csv': { type: 'string' },
          'application/x-ndjson': { type: 'string' },
          'application/json': {},
          'application/vnd.apache.parquet': { type: 'string', format: 'binary' },
        },
      },
      preValidation: checkParametersOf(resultQuerySchema, REPEATABLE),
    },
    async (request, reply) => {
      const { query } = request;
      const { job, folder } = jobs.finished(request.params.id);
      checkLabels(query.label, job.counts.labels);
      const file = await answers.get(job, folder, {
        format: query.format,
        details: query.details,
        bom: query.bom,
        excelSafe: query.excel_safe ?? false,
        filter: toFilter(query),
      });
      reply
        .type(file.mediaType)
        .header('content-disposition', contentDisposition(job.input.fileName, file.format))
        .headers(versionHeaders(versionsOf(job)));
      return sendFile(reply, file.name, file.folder);
    },
  );

  app.get(
    '/jobs/:id/summary',
    {
      schema: {
        operationId: 'getJobSummary',
        tags,
        summary: 'Show the counts of a job',
        params: jobParamsSchema,
        response: { 200: summarySchema, ...problems },
      },
      preValidation: checkParametersOf({ shape: {} }),
    },
    async (request) => {
      const { job, folder } = jobs.finished(request.params.id);
      const summary = JSON.parse(await folder.loadSummary()) as Summary;
      return {
        ...toSummaryJson(summary),
        seconds: secondsOf(job),
        threshold: threshold(),
        warnings: job.warnings,
      };
    },
  );

  app.get(
    '/jobs/:id/templates',
    {
      schema: {
        operationId: 'listJobTemplates',
        tags,
        summary: 'List the kinds of line in a job',
        params: jobParamsSchema,
        querystring: templatesQuerySchema,
        response: { 200: templatesSchema, ...problems },
      },
      preValidation: checkParametersOf(templatesQuerySchema, REPEATABLE),
    },
    async (request) => {
      const { cursor, limit, q, sort, ...filters } = request.query;
      const { job, folder } = jobs.finished(request.params.id);
      checkLabels(filters.label, job.counts.labels);
      const question = { filter: toFilter(filters), order: sort, ...(q === undefined ? {} : { text: q }) };
      const skip = fromCursor(cursor, question);
      const page = await store.run(folder.path, 'templatesPage', { ...question, skip, limit });
      const next = skip + page.templates.length;
      return {
        templates: page.templates.map(toTemplateJson),
        count: page.count,
        rows: page.rows,
        next_cursor: next < page.count ? toCursor(next, question) : null,
      };
    },
  );

  app.get(
    '/jobs/:id/rows',
    {
      schema: {
        operationId: 'listJobRows',
        tags,
        summary: 'List rows of a job in the order of the input',
        params: jobParamsSchema,
        querystring: rowsQuerySchema,
        response: { 200: rowsSchema, ...problems },
      },
      preValidation: checkParametersOf(rowsQuerySchema, REPEATABLE),
    },
    async (request) => {
      const { cursor, limit, q, ...filters } = request.query;
      const { job, folder } = jobs.finished(request.params.id);
      checkLabels(filters.label, job.counts.labels);
      const question = { filter: toFilter(filters), ...(q === undefined ? {} : { text: q }) };
      const from = fromCursor(cursor, question);
      const page = await store.run(folder.path, 'rowsPage', { ...question, from, limit });
      return {
        rows: page.rows.map(toRowJson),
        next_cursor: page.next === null ? null : toCursor(page.next, question),
      };
    },
  );

  app.get(
    '/jobs/:id/rejected',
    {
      schema: {
        operationId: 'listJobRejectedRows',
        tags,
        summary: 'List the records that could not be read, as they stood in the input',
        description: 'A CSV has all of them. JSON comes in pages.',
        params: jobParamsSchema,
        querystring: rejectedQuerySchema,
        response: { 200: rejectedSchema, ...problems },
      },
      config: { answers: { 'text/csv': { type: 'string' } } },
      preValidation: checkParametersOf(rejectedQuerySchema),
    },
    async (request, reply) => {
      const { cursor, limit, format } = request.query;
      const { job, folder } = jobs.finished(request.params.id);
      if (format === 'csv') {
        reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', contentDisposition(job.input.fileName, 'csv', 'rejected'));
        return rejectedCsv(store, folder) as never;
      }
      const skip = fromCursor(cursor, 'rejected');
      // One more tells whether there is a next page.
      const found = await store.run(folder.path, 'rejectedRows', skip, limit + 1);
      const page = found.slice(0, limit);
      return {
        rejected: page.map(({ isCut, ...row }) => ({ ...row, text_cut: isCut })),
        next_cursor: found.length > limit ? toCursor(skip + limit, 'rejected') : null,
      };
    },
  );

  /** Refuses a label that no line can have. Labels of the job count too: the catalogue may have changed since. */
  function checkLabels(
    labels: readonly string[] | undefined,
    counted: Readonly<Record<string, number>>,
  ): void {
    const known = new Set([...catalogue().labels.map(({ name }) => name), ...Object.keys(counted)]);
    for (const label of labels ?? []) refuseUnknownLabel(label, known);
  }

  done();
};

function secondsOf({ started, finished }: Pick<JobView, 'started' | 'finished'>): number {
  return started === undefined || finished === undefined ? 0 : (finished - started) / 1000;
}

/** Sends a file with ETag and ranges. The types of the route know only JSON. */
function sendFile(reply: FastifyReply, name: string, folder: string): never {
  return reply.sendFile(name, folder, { contentType: false, cacheControl: false, dotfiles: 'deny' }) as never;
}
