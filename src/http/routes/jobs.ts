import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../errors.js';
import { jobParametersSchema, type JobParameters } from '../../jobs/job.js';
import type { Jobs } from '../../jobs/jobs.js';
import { abortOnDisconnect } from '../abort-on-disconnect.js';
import { JobEvents } from '../job-events.js';
import { ownerOf } from '../owner-cookie.js';
import { checkParametersOf } from '../parameters.js';
import { classifyBodies } from '../schemas/classify.js';
import { jobListSchema, jobParamsSchema, jobSchema, toJobJson, type JobJson } from '../schemas/jobs.js';
import { problemResponses } from '../schemas/problem.js';
import { receive } from '../upload/receive.js';
import { minimumRateOf, UploadRate } from '../upload/upload-rate.js';
import type { ClassifyOptions } from './classify.js';

/** Dependencies and settings of the routes of jobs. */
export interface JobRouteOptions extends Omit<ClassifyOptions, 'classifier'> {
  jobs: Jobs;
}

const tags = ['jobs'];

/** POST /jobs, GET /jobs, and what can be done with one job. */
export const jobRoutes: FastifyPluginCallbackZod<JobRouteOptions> = (app, options, done) => {
  const { jobs, config, slots, openSpoolFile } = options;
  const events = new JobEvents(jobs);
  // Before the server waits for its connections to end.
  app.addHook('preClose', (closed) => {
    events.close();
    closed();
  });

  app.post(
    '/jobs',
    {
      schema: {
        operationId: 'createJob',
        tags,
        summary: 'Label log lines as a job',
        description:
          'Takes the same bodies and parameters as POST /classify. The answer comes when the upload is safely on the disk; the job goes on without the client, and after a restart of the server. With the header Idempotency-Key, a request that is sent again gives the same job.',
        querystring: jobParametersSchema,
        headers: z.object({ 'idempotency-key': z.string().min(1).max(200).optional() }),
        response: {
          200: jobSchema,
          202: jobSchema,
          ...problemResponses(400, 408, 409, 413, 415, 500, 503, 507),
        },
      },
      config: { bodies: classifyBodies, answerHeaders: ['Location'] },
      preValidation: checkParametersOf(jobParametersSchema),
    },
    (request, reply) => create(request, reply),
  );

  app.get(
    '/jobs',
    {
      schema: {
        operationId: 'listJobs',
        tags,
        summary: 'List the jobs of this browser',
        description: 'The upload page sets a cookie. Programs keep the ids of their jobs themselves.',
        response: { 200: jobListSchema },
      },
    },
    (request) => {
      const owner = ownerOf(request);
      return { jobs: owner === undefined ? [] : jobs.list(owner).map(toJobJson) };
    },
  );

  app.get(
    '/jobs/:id',
    {
      schema: {
        operationId: 'getJob',
        tags,
        summary: 'Show a job',
        params: jobParamsSchema,
        response: { 200: jobSchema, ...problemResponses(404) },
      },
    },
    (request) => toJobJson(jobs.view(request.params.id)),
  );

  app.get(
    '/jobs/:id/events',
    {
      schema: {
        operationId: 'followJob',
        tags,
        summary: 'Follow a job',
        description:
          'Server-sent events of the type job. The data of each is the complete state of the job. The stream ends with the job. A client that lost the connection sends Last-Event-ID; if it has the last state already, the answer is 204.',
        params: jobParamsSchema,
        response: problemResponses(404, 503),
      },
      config: { answers: { 'text/event-stream': { type: 'string' } } },
    },
    (request, reply) => {
      events.send(request.params.id, request, reply);
    },
  );

  app.post(
    '/jobs/:id/cancel',
    {
      schema: {
        operationId: 'cancelJob',
        tags,
        summary: 'Stop a job',
        description: 'Its input is kept, so that it can be retried. A job that has ended stays as it is.',
        params: jobParamsSchema,
        response: { 200: jobSchema, ...problemResponses(404) },
      },
    },
    async (request) => toJobJson(await jobs.cancel(request.params.id)),
  );

  app.post(
    '/jobs/:id/retry',
    {
      schema: {
        operationId: 'retryJob',
        tags,
        summary: 'Label the input of a job again',
        description: 'Parameters of this request replace those of the job, for instance on_error=skip.',
        params: jobParamsSchema,
        querystring: jobParametersSchema,
        response: { 202: jobSchema, ...problemResponses(400, 404, 409) },
      },
      preValidation: checkParametersOf(jobParametersSchema),
    },
    async (request, reply) => {
      const view = await jobs.retry(request.params.id, request.query);
      reply.status(202).header('location', `/jobs/${view.id}`);
      return toJobJson(view);
    },
  );

  app.delete(
    '/jobs/:id',
    {
      schema: {
        operationId: 'deleteJob',
        tags,
        summary: 'Delete a job with its input and its results',
        params: jobParamsSchema,
        response: { 204: z.null(), ...problemResponses(404) },
      },
    },
    async (request, reply) => {
      await jobs.remove(request.params.id);
      reply.status(204);
      return null;
    },
  );

  /** Takes an upload. It holds a slot until it is on the disk. */
  async function create(request: FastifyRequest, reply: FastifyReply): Promise<JobJson> {
    abortOnDisconnect(request.raw, reply.raw);
    const rate = new UploadRate(minimumRateOf(config));
    try {
      const upload = await receive(request, reply.raw, request.query as JobParameters, {
        slots,
        rate,
        settings: { ...config, openSpoolFile },
      });
      const { stream, ...parameters } = upload.parameters;
      if (stream !== undefined)
        throw new AppError(
          'parameter_unknown',
          'A job has no parameter stream. Ask for its result when it is done.',
        );
      const { job, isNew } = await jobs.create({
        upload,
        parameters,
        finish: () => upload.finish(),
        owner: ownerOf(request),
        idempotencyKey: request.headers['idempotency-key'] as string | undefined,
      });
      reply.status(isNew ? 202 : 200).header('location', `/jobs/${job.id}`);
      return toJobJson(job);
    } finally {
      slots.release(rate);
    }
  }

  done();
};
