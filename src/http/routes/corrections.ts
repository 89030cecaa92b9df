import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { CorrectionsFullError } from '../../classifier/corrections/corrections-file.js';
import type { Corrections } from '../../classifier/corrections/corrections.js';
import type { CorrectionSet } from '../../classifier/corrections/correction-set.js';
import type { LabelCatalogue } from '../../classifier/labels.js';
import { AppError } from '../../errors.js';
import { toDiskFull } from '../../files/temporary-file.js';
import { correctionsCsv } from '../../pipeline/corrections-csv.js';
import { prefersCsv } from '../accept.js';
import { refuseUnknownLabel } from '../known-labels.js';
import { checkParametersOf } from '../parameters.js';
import {
  CORRECTION_EXAMPLE,
  correctionListSchema,
  correctionSchema,
  correctionsQuerySchema,
  csvSchema,
  MAX_MESSAGE_CHARS,
  newCorrectionSchema,
  toCorrectionJson,
  type CorrectionJson,
} from '../schemas/corrections.js';
import { problemResponses } from '../schemas/problem.js';
import { parseContentType } from '../upload/content-type.js';
import { readJsonBody } from '../upload/json-body.js';
import { receive } from '../upload/receive.js';
import { minimumRateOf, UploadRate } from '../upload/upload-rate.js';
import { versionHeaders } from '../version-headers.js';
import type { ClassifyOptions } from './classify.js';

/** Dependencies and settings of the routes of corrections. */
export interface CorrectionRouteOptions extends Omit<ClassifyOptions, 'classifier'> {
  /** Undefined if corrections are off. */
  corrections: Corrections | undefined;
  /** Returns the labels that lines can get now. */
  catalogue: () => LabelCatalogue;
}

/** Upper bound of a body: a message with every character escaped, and some room. */
const MAX_BODY_BYTES = 6 * MAX_MESSAGE_CHARS + 16_384;

const tags = ['corrections'];

/** What Fastify's schema does not cover. The route reads the body itself, so that a slow or large one is refused. */
const bodies = { 'application/json': newCorrectionSchema };

const REVISION = 'X-Corrections-Version';

/** POST and GET /corrections, DELETE /corrections/{id}: labels that people give to templates. */
export const correctionRoutes: FastifyPluginCallbackZod<CorrectionRouteOptions> = (app, options, done) => {
  const { config, slots, openSpoolFile, catalogue } = options;
  const limit = { maxBytes: MAX_BODY_BYTES };
  // Before the body is read.
  app.addHook('onRequest', (_request, _reply, next) => {
    next(options.corrections ? undefined : offError());
  });

  app.post(
    '/corrections',
    {
      schema: {
        operationId: 'createCorrection',
        tags,
        summary: 'Give a label to the template of a message',
        description:
          'From now on, all lines with this template get the label, as tier corrected, before the LLM and the rules. Requests and jobs that run already keep their labels. The same template and source again replaces the label.',
        response: { 201: correctionSchema, ...problemResponses(400, 403, 408, 413, 415, 500, 503, 507) },
      },
      config: { bodies, answerHeaders: [REVISION] },
      preValidation: checkParametersOf({ shape: {} }),
    },
    (request, reply) => create(request, reply),
  );

  app.get(
    '/corrections',
    {
      schema: {
        operationId: 'listCorrections',
        tags,
        summary: 'List the corrections',
        description:
          'As CSV, those that act, with the columns source, log_message and target_label: `train --data` takes it.',
        querystring: correctionsQuerySchema,
        response: { 200: correctionListSchema, ...problemResponses(400, 403) },
      },
      config: { answers: { 'text/csv': csvSchema }, answerHeaders: [REVISION, 'Content-Disposition'] },
      preValidation: checkParametersOf(correctionsQuerySchema),
    },
    (request, reply) => {
      const corrections = known();
      const acting = setNow(reply);
      const format = request.query.format ?? (prefersCsv(request.headers.accept) ? 'csv' : 'json');
      reply.header('vary', 'accept');
      if (format === 'csv') {
        reply
          .type('text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename="corrections.csv"');
        return correctionsCsv(corrections.all.filter((one) => acting.isActing(one))) as never;
      }
      const listed = corrections.all.map((one) => toCorrectionJson(one, acting.isActing(one)));
      return { corrections: listed.reverse() };
    },
  );

  app.delete(
    '/corrections/:id',
    {
      schema: {
        operationId: 'deleteCorrection',
        tags,
        summary: 'Delete a correction',
        params: z.object({ id: z.string().describe('The id of the correction.') }),
        response: { 204: z.null(), ...problemResponses(403, 404, 500, 507) },
      },
      config: { answerHeaders: [REVISION] },
    },
    async (request, reply) => {
      const removed = await known().remove(request.params.id).catch(rethrow);
      if (!removed)
        throw new AppError(
          'correction_unknown',
          'There is no correction with this id. It may have been deleted already.',
        );
      setNow(reply);
      reply.status(204);
      return null;
    },
  );

  async function create(request: FastifyRequest, reply: FastifyReply): Promise<CorrectionJson> {
    refuseOtherBodies(request);
    const rate = new UploadRate(minimumRateOf(config));
    const parts = { slots, rate, settings: { ...config, openSpoolFile }, limit };
    try {
      const { bytes } = await receive(request, reply.raw, {}, parts);
      const { log_message: message, label, source } = await readJsonBody(bytes, newCorrectionSchema);
      refuseUnknownLabel(label, catalogue().names);
      const correction = await known().put({ message, label, source }).catch(rethrow);
      reply.status(201);
      return toCorrectionJson(correction, setNow(reply).isActing(correction));
    } finally {
      slots.release(rate);
    }
  }

  function known(): Corrections {
    if (!options.corrections) throw offError();
    return options.corrections;
  }

  /** Returns the corrections that act now, and names them in a header. */
  function setNow(reply: FastifyReply): CorrectionSet {
    const set = known().setFor(catalogue().names);
    reply.headers(versionHeaders({ corrections: set.revision }));
    return set;
  }

  done();
};

function offError(): AppError {
  return new AppError(
    'corrections_off',
    'Corrections are off on this server. Its operator can allow them with CORRECTIONS=on. Then everyone who can reach the server can change the labels of everyone.',
  );
}

function refuseOtherBodies({ headers }: FastifyRequest): void {
  const { mediaType } = parseContentType(headers['content-type']);
  if (mediaType === 'application/json' && headers['content-encoding'] === undefined) return;
  throw new AppError(
    'media_type_unsupported',
    `Send one correction as "Content-Type: application/json", not compressed, such as ${JSON.stringify(CORRECTION_EXAMPLE)}.`,
  );
}

/** Says what is wrong with the disk or the number of corrections. Nothing has changed then. */
function rethrow(error: unknown): never {
  if (error instanceof CorrectionsFullError) throw new AppError('corrections_full', error.message);
  throw toDiskFull(
    error,
    'The disk is too full for the correction, so nothing has changed. Try again later.',
  );
}
