import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Classifier, ClassifierSession } from '../../classifier/types.js';
import type { Config } from '../../config.js';
import { AppError } from '../../errors.js';
import { readJsonLogs } from '../../formats/json/read-json-logs.js';
import { classifyCsv } from '../../pipeline/classify-csv.js';
import { classifyRecords } from '../../pipeline/classify-records.js';
import type { AnswerInfo } from '../../pipeline/label-records.js';
import { readAhead } from '../../pipeline/read-ahead.js';
import { Spool, type SpoolSettings } from '../../pipeline/spool.js';
import { SpoolQuota } from '../../pipeline/spool-quota.js';
import { peek, withFirst } from '../../text/peek.js';
import { abortOnDisconnect } from '../abort-on-disconnect.js';
import { chooseAnswer, type AnswerKind } from '../accept.js';
import {
  classifyAnswerSchema,
  classifyBodySchema,
  classifyQuerySchema,
  csvDescription,
} from '../schemas/classify.js';
import { problemSchema } from '../schemas/problem.js';
import { HOW_TO_SEND, parseContentType } from '../upload/content-type.js';
import { contentDisposition } from '../upload/file-name.js';
import { refuseDeclaredSize, type SizeLimit } from '../upload/guard-bytes.js';
import { openFormUpload, openBodyUpload, type Upload } from '../upload/upload.js';
import { UploadRate } from '../upload/upload-rate.js';
import { isSmallCsv, isSmallJson, SMALL_BYTES, UploadSlots } from '../upload/upload-slots.js';

/** Dependencies and settings of POST /classify. */
export interface ClassifyOptions {
  classifier: Classifier;
  config: Pick<
    Config,
    | 'maxUploadBytes'
    | 'maxCellChars'
    | 'maxJsonBytes'
    | 'maxConcurrentUploads'
    | 'uploadIdleTimeoutMs'
    | 'uploadMinBytesPerS'
    | 'spoolDir'
    | 'spoolMemoryBytes'
    | 'spoolMaxBytes'
    | 'readAheadBytes'
  >;
  /** Opens temporary files. Tests replace it to simulate a full disk. */
  openSpoolFile?: SpoolSettings['openFile'] | undefined;
}

/** Maximum number of bytes of a form besides its file: text fields and the headers of its parts. */
const FORM_OVERHEAD_BYTES = 1024 * 1024;

/** Statuses of the errors of POST /classify. */
const problemStatuses = [400, 406, 408, 413, 415, 500, 503, 507];

const schema = {
  tags: ['classify'],
  summary: 'Label log lines',
  description:
    'Send a CSV with the columns source and log_message, as a file in a form or as the body. The answer is the same CSV with the column target_label. Send logs as JSON to get JSON results. `Accept` overrides the format of the answer. The header X-Classified-Rows has the number of labelled lines, and X-Classified-Warnings the number of warnings.',
  querystring: classifyQuerySchema,
  consumes: ['multipart/form-data', 'text/csv', 'application/json'],
  response: {
    200: classifyAnswerSchema,
    ...Object.fromEntries(problemStatuses.map((status) => [status, problemSchema])),
  },
};

/** Media types of bodies and answers for the API description; Fastify's schemas cover JSON only. */
const documentation = {
  bodies: {
    'multipart/form-data': csvDescription.upload,
    'text/csv': csvDescription.text,
    'application/json': z.toJSONSchema(classifyBodySchema),
  },
  answers: { 'text/csv': csvDescription.answer },
};

type Query = z.infer<typeof classifyQuerySchema>;

/** One request that is being labelled. */
interface Job {
  format: AnswerKind;
  rate: UploadRate;
  spool: Spool;
  /** Aborts when the client disconnects or labelling fails. */
  signal: AbortSignal;
}

/** Describes an answer that is complete in its spool. */
interface Labelled extends AnswerInfo {
  /** The X-Classifier-Version. */
  version: string;
  /** The Content-Disposition; undefined for JSON bodies. */
  disposition?: string;
}

/** POST /classify and /classify/. */
export const classifyRoutes: FastifyPluginCallbackZod<ClassifyOptions> = (app, options, done) => {
  const { classifier, config } = options;
  const slots = new UploadSlots(config.maxConcurrentUploads);
  const fileLimit: SizeLimit = { maxBytes: config.maxUploadBytes, setting: 'MAX_UPLOAD_BYTES' };
  const jsonLimit: SizeLimit = { maxBytes: config.maxJsonBytes, setting: 'MAX_JSON_BYTES' };
  const quota = new SpoolQuota({
    maxBytes: config.spoolMaxBytes,
    maxMemoryBytes: config.spoolMemoryBytes * config.maxConcurrentUploads,
  });
  const overflow = {
    dir: config.spoolDir,
    memoryBytes: config.spoolMemoryBytes,
    openFile: options.openSpoolFile,
  };

  for (const url of ['/classify', '/classify/']) {
    app.post(url, { schema, config: documentation }, async (request, reply) => {
      const { mediaType } = parseContentType(request.headers['content-type']);
      refuseCompressed(request.headers['content-encoding']);
      const { accept } = request.headers;
      switch (mediaType) {
        case 'application/json':
          return await answer(request, reply, jsonLimit, chooseAnswer(accept, 'json'), labelJson);
        case 'text/csv':
        case 'multipart/form-data':
          return await answer(request, reply, fileLimit, chooseAnswer(accept, 'csv'), labelCsv);
        default:
          throw unsupported(mediaType);
      }
    });
  }

  /** Labels a request into a spool and sends the answer. Releases slot and spool on success and on failure. */
  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    limit: SizeLimit,
    format: AnswerKind,
    label: (request: FastifyRequest, job: Job) => Promise<Labelled>,
  ): Promise<FastifyReply> {
    const overhead = request.isMultipart() ? FORM_OVERHEAD_BYTES : 0;
    refuseDeclaredSize(request.headers['content-length'], limit, overhead);
    sendContinue(request.raw, reply.raw);
    const abort = abortOnDisconnect(request.raw, reply.raw);
    const rate = new UploadRate({
      minBytesPerS: config.uploadMinBytesPerS,
      maxBehindMs: config.uploadIdleTimeoutMs,
    });
    const spool = new Spool({ ...overflow, quota });
    let body: Awaited<ReturnType<Spool['read']>>;
    try {
      const labelled = await label(request, { format, rate, spool, signal: abort.signal });
      body = await spool.read();
      abort.signal.throwIfAborted();
      reply.raw.once('close', () => spool.release());
      // Not before the answer is ready: the answer to an error must not look like a download.
      setHeaders(reply, labelled, spool.size);
    } catch (error) {
      // Drops the request's templates from the encoder's queue.
      abort.abort(error);
      await spool.discard();
      throw error;
    } finally {
      // Sending the answer needs no slot.
      slots.release(rate);
    }
    return reply.send(body);
  }

  async function labelJson(request: FastifyRequest, { format, rate, spool, signal }: Job): Promise<Labelled> {
    const { bytes } = openBodyUpload(request, jsonLimit, rate);
    const records = await readJsonLogs(slots.takeWhenLarge(rate, bytes), config.maxCellChars);
    const isSmall = isSmallJson(records.length);
    slots.take(rate, isSmall);
    const session = classifier.session({ signal, priority: isSmall ? 'interactive' : 'bulk' });
    const { details } = request.query as Query;
    const info = await classifyRecords({ records, session, spool, format, details });
    return { ...info, version: session.version };
  }

  function labelCsv(request: FastifyRequest, job: Job): Promise<Labelled> {
    const { details } = request.query as Query;
    return labelUpload(request, job, isSmallCsv, (bytes, charset, session) =>
      classifyCsv({ ...job, bytes, charset, session, details, maxCellChars: config.maxCellChars }),
    );
  }

  /** Labels an upload of any streamed format: takes a slot, reads ahead, and checks the end of a form. */
  async function labelUpload(
    request: FastifyRequest,
    { format, rate, signal }: Job,
    isSmall: (first: Uint8Array) => boolean,
    classify: (
      bytes: AsyncIterable<Uint8Array>,
      charset: string | undefined,
      session: ClassifierSession,
    ) => Promise<AnswerInfo>,
  ): Promise<Labelled> {
    const upload = await openUpload(request, rate);
    const { first, rest } = await peek(upload.bytes, SMALL_BYTES + 1);
    try {
      slots.take(rate, isSmall(first));
    } catch (error) {
      await rest.return();
      throw error;
    }
    const session = classifier.session({ signal, priority: 'bulk' });
    const bytes = readAhead(withFirst(first, rest), { ...overflow, fileBytes: config.readAheadBytes });
    const info = await classify(bytes, upload.charset, session);
    // Before `finish`: the rest of a form may arrive slowly, and only its end matters.
    slots.release(rate);
    await upload.finish();
    return { ...info, version: session.version, disposition: contentDisposition(upload.fileName, format) };
  }

  function openUpload(request: FastifyRequest, rate: UploadRate): Promise<Upload> | Upload {
    return request.isMultipart()
      ? openFormUpload(request, fileLimit, rate)
      : openBodyUpload(request, fileLimit, rate);
  }

  done();
};

/** Sends 100 to a client that waits for it. Only after the checks of the headers: a refused body need not be sent. */
function sendContinue(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect !== undefined) response.writeContinue();
}

function unsupported(mediaType: string | undefined): AppError {
  const problem =
    mediaType === undefined ? 'The request has no Content-Type.' : `${mediaType} is not supported.`;
  return new AppError('media_type_unsupported', `${problem} ${HOW_TO_SEND}`);
}

function refuseCompressed(encoding: string | undefined): void {
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  throw new AppError(
    'media_type_unsupported',
    'The body has a Content-Encoding, which is not supported. Send it uncompressed.',
  );
}

function setHeaders(reply: FastifyReply, labelled: Labelled, bytes: number): void {
  const { mediaType, records, warnings, version, disposition } = labelled;
  reply.type(mediaType).header('content-length', bytes);
  reply.header('x-classified-rows', records).header('x-classifier-version', version);
  if (disposition !== undefined) reply.header('content-disposition', disposition);
  if (warnings.length > 0) {
    const counts = warnings.map(({ code, count }) => `${code}=${count}`);
    reply.header('x-classified-warnings', counts.join(', '));
  }
}
