import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Classifier } from '../../classifier/types.js';
import type { Config } from '../../config.js';
import { AppError } from '../../errors.js';
import { classifyCsv } from '../../pipeline/classify-csv.js';
import { classifyLogs } from '../../pipeline/classify-logs.js';
import { readAhead } from '../../pipeline/read-ahead.js';
import { Spool, type SpoolSettings } from '../../pipeline/spool.js';
import type { Warning } from '../../pipeline/warnings.js';
import { chooseAnswer } from '../accept.js';
import { abortedWith } from '../client-gone.js';
import { HOW_TO_SEND } from '../how-to-send.js';
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
import { readJsonLogs } from '../upload/json-logs.js';
import { openFormUpload, openPlainUpload, type Upload } from '../upload/upload.js';

/** What POST /classify works with. */
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
    | 'readAheadBytes'
  >;
  /** Opens temporary files; only tests give another, to fill the disk. */
  openSpoolFile?: SpoolSettings['openFile'] | undefined;
}

/**
 * JSON bodies up to this size are let in whatever else runs: an interactive request must not wait for, or be
 * refused because of, uploads. Larger ones cost memory like those, and go through the same gate.
 */
const SMALL_JSON_BYTES = 64 * 1024;

/** More logs than this are no question that somebody waits for, and wait for their turn like an upload's. */
const INTERACTIVE_LOGS = 20;

/** Statuses that the errors of POST /classify come with. */
const problemStatuses = [400, 406, 408, 413, 415, 500, 503, 507];

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

/** What the schemas of Fastify cannot say of bodies and answers, for the API's description. */
const documentation = {
  bodies: {
    'multipart/form-data': csvDescription.upload,
    'text/csv': csvDescription.text,
    'application/json': z.toJSONSchema(classifyBodySchema),
  },
  answers: { 'text/csv': csvDescription.answer },
};

type Query = z.infer<typeof classifyQuerySchema>;

/** POST /classify and /classify/. */
export const classifyRoutes: FastifyPluginCallbackZod<ClassifyOptions> = (app, options, done) => {
  const { classifier, config } = options;
  const gate = new Gate(config.maxConcurrentUploads);
  const idleTimeoutMs = config.uploadIdleTimeoutMs;
  const fileLimits = { maxBytes: config.maxUploadBytes, idleTimeoutMs, setting: 'MAX_UPLOAD_BYTES' } as const;
  const jsonLimits = {
    maxBytes: config.maxJsonBytes,
    idleTimeoutMs,
    setting: 'MAX_JSON_BYTES',
    maxCellChars: config.maxCellChars,
  } as const;

  for (const url of ['/classify', '/classify/']) {
    app.post(url, { schema, config: documentation }, async (request, reply) => {
      const { mediaType } = parseContentType(request.headers['content-type']);
      refuseCompressed(request.headers['content-encoding']);
      switch (mediaType) {
        case 'application/json':
          return await answerJson(request, reply);
        case 'text/csv':
          return await answerCsv(request, reply, () => Promise.resolve(openPlainUpload(request, fileLimits)));
        case 'multipart/form-data':
          return await answerCsv(request, reply, () => openFormUpload(request, fileLimits));
        default:
          throw new AppError(
            'media_type_unsupported',
            `${mediaType ?? 'A request without a Content-Type'} is not taken here. ${HOW_TO_SEND}`,
          );
      }
    });
  }

  function answerJson(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const format = chooseAnswer(request.headers.accept, 'json');
    const answer = async (): Promise<FastifyReply> => {
      const records = await readJsonLogs(request.raw, jsonLimits);
      const signal = abortedWith(request.raw, reply.raw);
      const priority = records.length <= INTERACTIVE_LOGS ? 'interactive' : 'bulk';
      const session = classifier.session({ signal, priority });
      const { details } = request.query as Query;
      const { mediaType, text, ...done } = await classifyLogs({ records, session, format, details });
      describe(reply, done);
      return send(reply.type(mediaType), Readable.from([text], { objectMode: false }), signal);
    };
    const size = Number(request.headers['content-length'] ?? Infinity);
    return size <= SMALL_JSON_BYTES ? answer() : gate.through(answer);
  }

  function answerCsv(
    request: FastifyRequest,
    reply: FastifyReply,
    open: () => Promise<Upload>,
  ): Promise<FastifyReply> {
    const format = chooseAnswer(request.headers.accept, 'csv');
    return gate.through(async () => answerUpload(await open(), format, request, reply));
  }

  async function answerUpload(
    upload: Upload,
    format: 'csv' | 'json',
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const signal = abortedWith(request.raw, reply.raw);
    const held = {
      dir: config.spoolDir,
      memoryBytes: config.spoolMemoryBytes,
      openFile: options.openSpoolFile,
    };
    const spool = new Spool(held);
    try {
      const { mediaType, ...done } = await classifyCsv({
        bytes: readAhead(upload.bytes, { ...held, fileBytes: config.readAheadBytes }),
        charset: upload.charset,
        maxCellChars: config.maxCellChars,
        session: classifier.session({ signal, priority: 'bulk' }),
        spool,
        format,
        details: (request.query as Query).details,
      });
      await upload.finish();
      const body = await spool.read();
      // Only now: an error's answer must not look like a download.
      describe(reply, done);
      reply.type(mediaType).header('content-length', spool.size);
      reply.header('content-disposition', contentDisposition(upload.fileName, format));
      return await send(reply, body, signal);
    } catch (error) {
      await spool.discard();
      throw error;
    }
  }

  /**
   * Sends the body as it is, and waits until it is sent or the client is gone. A client that stops reading
   * must not hold its place, and its file, for ever.
   */
  async function send(reply: FastifyReply, body: Readable, signal: AbortSignal): Promise<FastifyReply> {
    const sent = once(reply.raw, 'finish', { signal });
    reply.raw.setTimeout(idleTimeoutMs, () => reply.raw.destroy());
    void reply.serializer((text: string) => text).send(body);
    try {
      await sent;
    } catch {
      // Nobody is left to be told.
      body.destroy();
    }
    return reply;
  }

  done();
};

function refuseCompressed(encoding: string | undefined): void {
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  throw new AppError('media_type_unsupported', 'The body has a Content-Encoding. Send it uncompressed.');
}

function describe(reply: FastifyReply, answer: { rows: number; warnings: readonly Warning[] }): void {
  reply.header('x-classified-rows', answer.rows);
  if (answer.warnings.length > 0) {
    const counts = answer.warnings.map(({ code, count }) => `${code}=${count}`);
    reply.header('x-classified-warnings', counts.join(', '));
  }
}
