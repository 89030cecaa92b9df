import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Classifier } from '../../classifier/types.js';
import type { Config } from '../../config.js';
import { peek, withFirst } from '../../text/peek.js';
import { AppError } from '../../errors.js';
import { classifyCsv } from '../../pipeline/classify-csv.js';
import { classifyLogs } from '../../pipeline/classify-logs.js';
import type { AnswerInfo } from '../../pipeline/label-records.js';
import { readAhead } from '../../pipeline/read-ahead.js';
import { Spool, type SpoolSettings } from '../../pipeline/spool.js';
import { SpoolQuota } from '../../pipeline/spool-quota.js';
import { chooseAnswer, type AnswerKind } from '../accept.js';
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
import { guardBytes, refuseDeclaredSize, type SizeLimit } from '../upload/guard-bytes.js';
import { readJsonLogs } from '../../formats/json/read-json-logs.js';
import { openFormUpload, openPlainUpload, type Upload } from '../upload/upload.js';
import { UploadPace } from '../upload/upload-pace.js';

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
    | 'uploadMinBytesPerS'
    | 'spoolDir'
    | 'spoolMemoryBytes'
    | 'spoolMaxBytes'
    | 'readAheadBytes'
  >;
  /** Opens temporary files; only tests give another, to fill the disk. */
  openSpoolFile?: SpoolSettings['openFile'] | undefined;
}

/**
 * A request with no more logs and bytes than this costs little, and a person may wait for it. It does not need one
 * of the places for uploads. JSON of this kind goes before bulk work.
 */
const SMALL_LOGS = 20;
const SMALL_BYTES = 16 * 1024;

/** Small requests that are worked on at once. */
const MAX_SMALL_REQUESTS = 500;

/** Bytes of a form that are not its file's, at the most: its text fields and the headers of its parts. */
const FORM_OVERHEAD_BYTES = 1024 * 1024;

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

/** What the labelling of one request may use. */
interface Work {
  format: AnswerKind;
  pace: UploadPace;
  spool: Spool;
  /** Aborted when the client is gone, and when the labelling fails. */
  signal: AbortSignal;
}

/** A labelled answer, which lies whole in its spool. */
interface Labelled extends AnswerInfo {
  /** Of the classifier that labelled it. */
  version: string;
  /** Of the answer, for a download. */
  fileName?: string;
}

/** POST /classify and /classify/. */
export const classifyRoutes: FastifyPluginCallbackZod<ClassifyOptions> = (app, options, done) => {
  const { classifier, config } = options;
  const uploads = new Gate(config.maxConcurrentUploads);
  const smallRequests = new Gate(MAX_SMALL_REQUESTS);
  const fileLimit: SizeLimit = { maxBytes: config.maxUploadBytes, setting: 'MAX_UPLOAD_BYTES' };
  const jsonLimit: SizeLimit = { maxBytes: config.maxJsonBytes, setting: 'MAX_JSON_BYTES' };
  const quota = new SpoolQuota({
    maxBytes: config.spoolMaxBytes,
    maxMemoryBytes: config.spoolMemoryBytes * config.maxConcurrentUploads,
  });
  const held = {
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
          throw new AppError(
            'media_type_unsupported',
            `${mediaType ?? 'A request without a Content-Type'} is not taken here. ${HOW_TO_SEND}`,
          );
      }
    });
  }

  /** Labels a request into a spool and sends the answer. On every way out it gives back what the request took. */
  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    limit: SizeLimit,
    format: AnswerKind,
    label: (request: FastifyRequest, work: Work) => Promise<Labelled>,
  ): Promise<FastifyReply> {
    refuseDeclaredSize(
      request.headers['content-length'],
      limit,
      request.isMultipart() ? FORM_OVERHEAD_BYTES : 0,
    );
    askForBody(request.raw, reply.raw);
    const work = abortedWith(request.raw, reply.raw);
    const pace = new UploadPace({
      minBytesPerS: config.uploadMinBytesPerS,
      maxBehindMs: config.uploadIdleTimeoutMs,
    });
    const spool = new Spool({ ...held, quota });
    let body: Awaited<ReturnType<Spool['read']>>;
    try {
      const labelled = await label(request, { format, pace, spool, signal: work.signal });
      body = await spool.read();
      work.signal.throwIfAborted();
      reply.raw.once('close', () => spool.release());
      // Only now: an error's answer must not look like a download.
      describe(reply, labelled, spool.size);
    } catch (error) {
      // Inference that still waits is for nobody.
      work.abort(error);
      await spool.discard();
      throw error;
    } finally {
      // Sending needs no place.
      leave(pace);
    }
    return reply.send(body);
  }

  async function labelJson(
    { raw, query }: FastifyRequest,
    { format, pace, spool, signal }: Work,
  ): Promise<Labelled> {
    const bytes = guardBytes(raw, jsonLimit, pace, (count) => pace.move(count));
    const records = await readJsonLogs(enterPast(SMALL_BYTES, bytes, pace), config.maxCellChars);
    const isSmall = records.length <= SMALL_LOGS;
    enter(pace, isSmall);
    const session = classifier.session({ signal, priority: isSmall ? 'interactive' : 'bulk' });
    const { details } = query as Query;
    return {
      ...(await classifyLogs({ records, session, spool, format, details })),
      version: session.version,
    };
  }

  async function labelCsv(request: FastifyRequest, { format, pace, spool, signal }: Work): Promise<Labelled> {
    const upload = await openUpload(request, pace);
    const { first, rest } = await peek(upload.bytes, SMALL_BYTES + 1);
    try {
      enter(pace, first.length <= SMALL_BYTES && countLines(first) <= SMALL_LOGS + 2);
    } catch (error) {
      await rest.return();
      throw error;
    }
    const session = classifier.session({ signal, priority: 'bulk' });
    const labelled = await classifyCsv({
      bytes: readAhead(withFirst(first, rest), { ...held, fileBytes: config.readAheadBytes }),
      charset: upload.charset,
      maxCellChars: config.maxCellChars,
      session,
      spool,
      format,
      details: (request.query as Query).details,
    });
    // The rest of a form may come slowly, and is for nothing but its end.
    leave(pace);
    await upload.finish();
    return {
      ...labelled,
      version: session.version,
      fileName: contentDisposition(upload.fileName, format),
    };
  }

  function openUpload(request: FastifyRequest, pace: UploadPace): Promise<Upload> | Upload {
    return request.isMultipart()
      ? openFormUpload(request, fileLimit, pace)
      : openPlainUpload(request, fileLimit, pace);
  }

  /** Takes a place for what has come of a request; a request that has one of the places for uploads keeps that. */
  function enter(pace: UploadPace, isSmall: boolean): void {
    if (!uploads.has(pace)) (isSmall ? smallRequests : uploads).enter(pace);
  }

  /** Gives back whatever place a request has. */
  function leave(pace: UploadPace): void {
    uploads.leave(pace);
    smallRequests.leave(pace);
  }

  /** The same bytes; a request of more than so many takes a place for an upload before more of it is read. */
  async function* enterPast(
    count: number,
    bytes: AsyncIterable<Uint8Array>,
    pace: UploadPace,
  ): AsyncGenerator<Uint8Array> {
    let total = 0;
    for await (const chunk of bytes) {
      total += chunk.length;
      if (total > count) uploads.enter(pace);
      yield chunk;
    }
  }

  done();
};

/** A client that sent `Expect: 100-continue` sends its body only now: it would be in vain where the head is refused. */
function askForBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect !== undefined) response.writeContinue();
}

function refuseCompressed(encoding: string | undefined): void {
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  throw new AppError('media_type_unsupported', 'The body has a Content-Encoding. Send it uncompressed.');
}

/** The lines of a text in any encoding, or a few more; they end with LF, CRLF or CR. */
function countLines(bytes: Uint8Array): number {
  let lf = 0;
  let cr = 0;
  for (const byte of bytes) {
    if (byte === 0x0a) lf += 1;
    else if (byte === 0x0d) cr += 1;
  }
  return Math.max(lf, cr) + 1;
}

function describe(reply: FastifyReply, labelled: Labelled, bytes: number): void {
  const { mediaType, records, warnings, version, fileName } = labelled;
  reply.type(mediaType).header('content-length', bytes);
  reply.header('x-classified-rows', records).header('x-classifier-version', version);
  if (fileName !== undefined) reply.header('content-disposition', fileName);
  if (warnings.length > 0) {
    const counts = warnings.map(({ code, count }) => `${code}=${count}`);
    reply.header('x-classified-warnings', counts.join(', '));
  }
}
