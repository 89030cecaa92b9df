import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Classifier } from '../../classifier/types.js';
import type { Config } from '../../config.js';
import { AppError } from '../../errors.js';
import { classifyCsv } from '../../pipeline/classify-csv.js';
import { classifyLogs } from '../../pipeline/classify-logs.js';
import { Spool } from '../../pipeline/spool.js';
import type { Warning } from '../../pipeline/warnings.js';
import { chooseAnswer } from '../accept.js';
import { abortedWith } from '../client-gone.js';
import {
  classifyAnswerSchema,
  classifyBodySchema,
  classifyQuerySchema,
  csvDescription,
} from '../schemas/classify.js';
import { problemSchema } from '../schemas/problem.js';
import { parseContentType } from '../upload/content-type.js';
import { contentDisposition } from '../upload/file-name.js';
import { Gate } from '../upload/gate.js';
import { openFormUpload, openPlainUpload, type Upload } from '../upload/upload.js';

export interface ClassifyOptions {
  classifier: Classifier;
  config: Pick<
    Config,
    | 'maxUploadBytes'
    | 'maxCellChars'
    | 'maxJsonBytes'
    | 'maxConcurrentUploads'
    | 'uploadIdleTimeoutMs'
    | 'spoolDir'
    | 'spoolMemoryBytes'
  >;
}

/** Statuses that the errors of POST /classify come with. */
const problemStatuses = [400, 406, 408, 413, 415, 500, 503, 507];

const HOW_TO_SEND_TEXT =
  'Send a CSV as a form (curl -F file=@logs.csv) or with "Content-Type: text/csv", or logs as "Content-Type: application/json".';

const schema = {
  tags: ['classify'],
  summary: 'Label log lines',
  description:
    'A CSV with the columns source and log_message, as a form’s file or as the body, comes back with target_label. JSON logs come back as JSON results. `Accept` overrides the format of the answer. The headers X-Classified-Rows and X-Classified-Warnings count what was done.',
  querystring: classifyQuerySchema,
  consumes: ['multipart/form-data', 'text/csv', 'application/json'],
  response: {
    200: classifyAnswerSchema,
    ...Object.fromEntries(problemStatuses.map((status) => [status, problemSchema])),
  },
};

/** POST /classify and /classify/. */
export const classifyRoutes: FastifyPluginCallbackZod<ClassifyOptions> = (
  app,
  { classifier, config },
  done,
) => {
  const gate = new Gate(config.maxConcurrentUploads);
  const limits = { maxBytes: config.maxUploadBytes, idleTimeoutMs: config.uploadIdleTimeoutMs };

  // Handed on as it is: the body is read while it is classified, and bodyLimit has no say in it.
  app.addContentTypeParser('text/csv', (_request, payload, parsed) => parsed(null, payload));
  app.addContentTypeParser('*', (request, _payload, parsed) => {
    const type = request.headers['content-type'] ?? 'no content type';
    parsed(new AppError('media_type_unsupported', `${type} is not taken here. ${HOW_TO_SEND_TEXT}`));
  });

  const options = {
    schema,
    bodyLimit: config.maxJsonBytes,
    config: {
      bodies: {
        'multipart/form-data': csvDescription.upload,
        'text/csv': csvDescription.text,
        'application/json': z.toJSONSchema(classifyBodySchema),
      },
      answers: { 'text/csv': csvDescription.answer },
    },
  };
  for (const url of ['/classify', '/classify/']) {
    app.post(url, options, async (request, reply) => {
      const { mediaType } = parseContentType(request.headers['content-type']);
      if (mediaType === undefined) {
        throw new AppError('media_type_unsupported', `The request has no Content-Type. ${HOW_TO_SEND_TEXT}`);
      }
      if (mediaType === 'application/json') return answerLogs(request, reply);
      return answerCsv(request, reply, mediaType);
    });
  }

  async function answerLogs(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const kind = chooseAnswer(request.headers.accept, 'json');
    const answer = await classifyLogs({
      records: parseLogs(request.body),
      session: classifier.session({ signal: abortedWith(request.raw, reply.raw), priority: 'interactive' }),
      format: kind,
      details: (request.query as z.infer<typeof classifyQuerySchema>).details,
    });
    describe(reply, answer);
    return reply
      .type(answer.mediaType)
      .serializer((text: string) => text)
      .send(answer.text);
  }

  async function answerCsv(
    request: FastifyRequest,
    reply: FastifyReply,
    mediaType: string,
  ): Promise<FastifyReply> {
    const kind = chooseAnswer(request.headers.accept, 'csv');
    return gate.through(async () => {
      const upload =
        mediaType === 'multipart/form-data'
          ? await openFormUpload(request, limits)
          : openPlainUpload(request, limits);
      return answerUpload(upload, kind, request, reply);
    });
  }

  async function answerUpload(
    upload: Upload,
    format: 'csv' | 'json',
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const spool = new Spool({ dir: config.spoolDir, memoryBytes: config.spoolMemoryBytes });
    try {
      const { details } = request.query as z.infer<typeof classifyQuerySchema>;
      const answer = await classifyCsv({
        bytes: upload.bytes,
        charset: upload.charset,
        maxCellChars: config.maxCellChars,
        session: classifier.session({ signal: abortedWith(request.raw, reply.raw), priority: 'bulk' }),
        spool,
        format,
        details,
      });
      await upload.finish();
      describe(reply, answer);
      return await reply
        .type(answer.mediaType)
        .header('content-length', spool.size)
        .header('content-disposition', contentDisposition(upload.fileName, format))
        .send(await spool.read());
    } catch (error) {
      await spool.discard();
      throw error;
    }
  }

  done();
};

function describe(reply: FastifyReply, answer: { rows: number; warnings: readonly Warning[] }): void {
  reply.header('x-classified-rows', answer.rows);
  if (answer.warnings.length > 0) {
    const counts = answer.warnings.map(({ code, count }) => `${code}=${count}`);
    reply.header('x-classified-warnings', counts.join(', '));
  }
}

function parseLogs(body: unknown): { source: string; message: string }[] {
  const many = typeof body === 'object' && body !== null && 'logs' in body;
  const parsed = classifyBodySchema.safeParse(body);
  if (!parsed.success) {
    // Of a union's branches only the one that the client meant helps.
    const [meant] = z.safeParse(classifyBodySchema.options[many ? 0 : 1], body).error?.issues ?? [];
    const path = meant?.path.join('.') ?? '';
    throw new AppError(
      'json_invalid',
      `${path === '' ? 'The body' : path}: ${meant?.message ?? 'does not fit'}. Send {"logs": [{"source", "log_message"}]} or one such object.`,
      { path },
    );
  }
  const logs = 'logs' in parsed.data ? parsed.data.logs : [parsed.data];
  return logs.map(({ source, log_message }) => ({ source, message: log_message }));
}
