import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { Classifier, ClassifierSession } from '../../classifier/types.js';
import type { Config } from '../../config.js';
import type { AppError } from '../../errors.js';
import { createAnswerWriter } from '../../formats/answer.js';
import type { AnswerKind } from '../../formats/format.js';
import type { Warning } from '../../formats/warnings.js';
import { answerStyle } from '../../pipeline/answer-style.js';
import { labelInput, type AnswerInfo } from '../../pipeline/label-input.js';
import { openUpload, type OpenedUpload } from '../../pipeline/open-upload.js';
import { Spool, type SpoolSettings } from '../../pipeline/spool.js';
import { SpoolQuota } from '../../pipeline/spool-quota.js';
import { abortOnDisconnect } from '../abort-on-disconnect.js';
import { chooseAnswer } from '../accept.js';
import { toAppError } from '../library-errors.js';
import { compressFor } from '../compression.js';
import {
  isTrue,
  labelParametersSchema,
  topOf,
  type LabelParameters,
} from '../../pipeline/label-parameters.js';
import { checkParameters } from '../parameters.js';
import { readWhileAnswering } from '../plugins/unread-body.js';
import { toProblem } from '../problem.js';
import { classifyAnswerSchema, classifyBodies, classifyAnswers } from '../schemas/classify.js';
import { labelledAnswerHeaders } from '../schemas/headers.js';
import { problemResponses } from '../schemas/problem.js';
import { dropRest } from '../upload/drop-rest.js';
import { contentDisposition } from '../upload/file-name.js';
import { receive, type ReceivedUpload } from '../upload/receive.js';
import { StreamClient } from '../upload/stream-client.js';
import { minimumRateOf, UploadRate } from '../upload/upload-rate.js';
import type { UploadSlots } from '../upload/upload-slots.js';
import { versionHeaders } from '../version-headers.js';
import { createReadOptions } from '../../pipeline/read-options.js';

/** Dependencies and settings of POST /classify. */
export interface ClassifyOptions {
  classifier: Classifier;
  slots: UploadSlots;
  config: Pick<
    Config,
    | 'maxUploadBytes'
    | 'maxUnpackedBytes'
    | 'maxCellChars'
    | 'maxJsonBytes'
    | 'maxConcurrentUploads'
    | 'messageColumns'
    | 'sourceColumns'
    | 'levelColumns'
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

const schema = {
  operationId: 'classify',
  tags: ['classify'],
  summary: 'Label log lines',
  description:
    'Send log lines in any format: CSV, plain lines, NDJSON, JSON or an Excel workbook, as a file in a form or as the body, also compressed. /classify/ is the same address. The answer is the input with target_label. `Accept` overrides the format of the answer. The header X-Classified-Rows counts the labelled records, and X-Classified-Warnings counts warnings. Parameters may also be form fields before the file.',
  querystring: labelParametersSchema,
  response: {
    200: classifyAnswerSchema,
    ...problemResponses(400, 406, 408, 413, 415, 500, 503, 507),
  },
};

/** What Fastify's schema does not cover, for the API description. */
const documentation = {
  bodies: classifyBodies,
  answers: classifyAnswers,
  answerHeaders: labelledAnswerHeaders,
};

/** POST /classify and /classify/. HEAD answers 200, for clients that check the address before they send. */
export const classifyRoutes: FastifyPluginCallbackZod<ClassifyOptions> = (app, options, done) => {
  const { classifier, config, slots, openSpoolFile } = options;
  const readOptions = createReadOptions(config, openSpoolFile);
  const quota = new SpoolQuota({
    maxBytes: config.spoolMaxBytes,
    maxMemoryBytes: config.spoolMemoryBytes * config.maxConcurrentUploads,
  });
  const minimumRate = minimumRateOf(config);

  for (const url of ['/classify', '/classify/']) {
    // One call with two spellings is described once.
    const hide = url.endsWith('/');
    app.post(
      url,
      { schema: { ...schema, hide }, config: documentation, preValidation: checkParameters },
      async (request, reply) => await classify(request, reply),
    );
    app.head(url, { schema: { hide: true } }, (_request, reply) => reply.send());
  }

  /** Labels a request. Releases its slot on success and on failure. */
  async function classify(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { accept } = request.headers;
    // Refused before the upload is read.
    chooseAnswer(accept, 'csv');
    const abort = abortOnDisconnect(request.raw, reply.raw);
    const rate = new UploadRate(minimumRate);
    const client = new StreamClient(rate, minimumRate);
    try {
      const parts = { slots, rate, holder: client, settings: { ...config, openSpoolFile } };
      const upload = await receive(request, reply.raw, request.query as LabelParameters, parts);
      const job = await open(upload, accept, abort.signal);
      return isTrue(job.upload.parameters.stream)
        ? await sendStream(job, client, abort, reply)
        : await sendWhole(job, client, abort, request, reply);
    } catch (error) {
      // Drops the request's templates from the encoder's queue.
      abort.abort(error);
      throw error;
    } finally {
      // Sending the answer needs no slot.
      slots.release(client);
    }
  }

  async function open(
    upload: ReceivedUpload,
    accept: string | undefined,
    signal: AbortSignal,
  ): Promise<LabelledJob> {
    const { parameters } = upload;
    const opened = await openUpload(upload, { ...readOptions(parameters), signal });
    try {
      const kind = isTrue(parameters.stream) ? 'ndjson' : chooseAnswer(accept, opened.input.answerKind);
      const top = topOf(parameters);
      const session = classifier.session({
        signal,
        priority: upload.isSmall ? 'interactive' : 'bulk',
        llm: parameters.llm !== 'off',
        ...(top !== undefined && { top }),
      });
      return { upload, opened, kind, session };
    } catch (error) {
      await opened.input.close();
      throw error;
    }
  }

  /** Labels an upload into a spool, then sends the answer. */
  async function sendWhole(
    job: LabelledJob,
    client: StreamClient,
    abort: AbortController,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const spool = new Spool({
      dir: config.spoolDir,
      memoryBytes: config.spoolMemoryBytes,
      openFile: openSpoolFile,
      quota,
    });
    try {
      const info = await label(job, client, (text) => spool.write(text));
      const body = await spool.read();
      abort.signal.throwIfAborted();
      reply.raw.once('close', () => spool.release());
      // Not before the answer is ready: the answer to an error must not look like a download.
      setHeaders(reply, job, info);
      return await reply.send(compressFor(request, reply, body, spool.size));
    } catch (error) {
      await spool.discard();
      throw error;
    }
  }

  /** Sends the answer while the upload is read. An error after the start is the last line of the answer. */
  async function sendStream(
    job: LabelledJob,
    client: StreamClient,
    abort: AbortController,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const answer = new PassThrough();
    const { raw } = reply.request;
    reply.headers(versionHeadersOf(job.session));
    readWhileAnswering(raw);
    void reply.type('application/x-ndjson; charset=utf-8').send(answer);
    try {
      const info = await label(job, client, (text) => client.write(answer, text, abort.signal));
      answer.end(`${JSON.stringify({ summary: summaryOf(info, job.opened) })}\n`);
    } catch (error) {
      const problem = toProblem(toAppError(error as AppError), reply.request.id);
      abort.abort(error);
      slots.release(client);
      answer.write(`${JSON.stringify({ problem })}\n`);
      await dropRest(raw);
      answer.end();
    }
    return reply;
  }

  /** Labels an upload, releases its slot and reads the rest of its form. */
  async function label(
    job: LabelledJob,
    client: StreamClient,
    write: (text: string) => void | Promise<void>,
  ): Promise<AnswerInfo> {
    const { opened, upload, kind, session } = job;
    const style = answerStyle(upload.parameters, opened, upload.isForm);
    const writer = createAnswerWriter(opened.input, kind, style);
    const inputWarnings = () => opened.warnings();
    const info = await labelInput({ input: opened.input, session, writer, inputWarnings }, write);
    // Before `finish`: the rest of a form may arrive slowly, and only its end matters.
    slots.release(client);
    await upload.finish();
    return info;
  }

  done();
};

/** An upload that is open as records, and the session that labels them. */
interface LabelledJob {
  upload: ReceivedUpload;
  opened: OpenedUpload;
  kind: AnswerKind;
  session: ClassifierSession;
}

/** Describes a streamed answer at its end, where headers are not possible any more. */
function summaryOf({ records, warnings }: AnswerInfo, { input }: OpenedUpload): object {
  const lines = skippedLines(input);
  return { rows: records, warnings, ...(lines.length === 0 ? {} : { skipped: lines }) };
}

function skippedLines({ counts }: OpenedUpload['input']): number[] {
  return counts.skipped.first.map(({ line }) => line);
}

function setHeaders(
  reply: FastifyReply,
  { upload, opened, kind, session }: LabelledJob,
  info: AnswerInfo,
): void {
  reply.type(info.mediaType);
  reply.header('x-classified-rows', info.records).headers(versionHeadersOf(session));
  // JSON from a program is not a file to be saved.
  if (upload.isForm || kind === 'csv') {
    reply.header('content-disposition', contentDisposition(upload.fileName, kind));
  }
  if (info.warnings.length > 0)
    reply.header('x-classified-warnings', info.warnings.map((warning) => inHeader(warning)).join(', '));
  const lines = skippedLines(opened.input);
  if (lines.length > 0) reply.header('x-classified-skipped', lines.join(', '));
}

function versionHeadersOf({ version, corrections }: ClassifierSession): Record<string, string> {
  return versionHeaders({ classifier: version, corrections });
}

function inHeader({ code, count, value }: Warning): string {
  return `${code}=${value ?? count}`;
}
