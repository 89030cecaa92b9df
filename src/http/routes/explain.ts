import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { LogRecord } from '../../classifier/types.js';
import { AppError } from '../../errors.js';
import { explanationJson, type ExplanationJson } from '../../pipeline/explanation-json.js';
import { abortOnDisconnect } from '../abort-on-disconnect.js';
import { checkParametersOf } from '../parameters.js';
import { explainAnswerSchema, explainBodySchema } from '../schemas/explain.js';
import { problemResponses } from '../schemas/problem.js';
import { parseContentType } from '../upload/content-type.js';
import { readJsonBody } from '../upload/json-body.js';
import { receive } from '../upload/receive.js';
import { minimumRateOf, UploadRate } from '../upload/upload-rate.js';
import { versionHeaders } from '../version-headers.js';
import type { ClassifyOptions } from './classify.js';

/** Longest message and source. Finding the place where a rule matches takes about a microsecond for each character. */
const MAX_CHARS = 65_536;

/** Upper bound of the body: both texts with every character escaped, and some room. */
const MAX_BODY_BYTES = 2 * 6 * MAX_CHARS + 1024;

const EXAMPLE = { source: 'ModernCRM', log_message: 'User User123 logged in.' };

const schema = {
  operationId: 'explain',
  tags: ['classify'],
  summary: 'Explain how a line gets its label',
  description:
    'Send one record. The answer has the label that POST /classify gives, and what it follows from: the rule and the part that it matches; or the template, the three likeliest labels, and the contribution of each term to their scores. For a line of the LLM it says what is sent, but the LLM is not asked.',
  response: {
    200: explainAnswerSchema,
    ...problemResponses(400, 408, 413, 415, 500, 503),
  },
};

/** The body for the API description. The route reads it itself, so that a slow or large body is refused. */
const bodies = { 'application/json': explainBodySchema };

/** POST /explain: says how a line gets its label. */
export const explainRoutes: FastifyPluginCallbackZod<ClassifyOptions> = (
  app,
  { classifier, config, slots, openSpoolFile },
  done,
) => {
  const limit = { maxBytes: Math.min(MAX_BODY_BYTES, config.maxUploadBytes) };
  const maxChars = Math.min(MAX_CHARS, config.maxCellChars);
  app.post('/explain', {
    schema,
    config: { bodies, answerHeaders: ['X-Classifier-Version', 'X-Corrections-Version'] },
    preValidation: checkParametersOf({ shape: {} }),
    handler: explain,
  });

  async function explain(request: FastifyRequest, reply: FastifyReply): Promise<ExplanationJson> {
    refuseOtherBodies(request);
    const { signal } = abortOnDisconnect(request.raw, reply.raw);
    const rate = new UploadRate(minimumRateOf(config));
    const parts = { slots, rate, settings: { ...config, openSpoolFile }, limit };
    try {
      const { bytes } = await receive(request, reply.raw, {}, parts);
      const { source, log_message: message } = await readJsonBody(bytes, explainBodySchema);
      refuseLongTexts({ source, message }, maxChars);
      const explanation = await classifier.explain({ source, message }, { signal, priority: 'interactive' });
      const { version, corrections } = explanation;
      reply.headers(versionHeaders({ classifier: version, corrections }));
      return explanationJson(explanation);
    } finally {
      slots.release(rate);
    }
  }

  done();
};

function refuseOtherBodies({ headers }: FastifyRequest): void {
  const { mediaType } = parseContentType(headers['content-type']);
  const packing = headers['content-encoding'];
  if (mediaType === 'application/json' && packing === undefined) return;
  const isPacked = mediaType === 'application/json' && packing !== undefined;
  const found = isPacked ? `the Content-Encoding ${packing}` : (mediaType ?? 'a body without a Content-Type');
  throw new AppError(
    'media_type_unsupported',
    `POST /explain does not take ${found}. Send one record as "Content-Type: application/json", such as ${JSON.stringify(EXAMPLE)}.`,
  );
}

function refuseLongTexts({ source, message }: LogRecord, maxChars: number): void {
  const tooLong = message.length > maxChars ? 'log_message' : source.length > maxChars ? 'source' : undefined;
  if (tooLong === undefined) return;
  throw new AppError(
    'cell_too_large',
    `The field ${tooLong} is longer than ${maxChars.toLocaleString('en')} characters, more than can be explained.`,
    { path: tooLong },
  );
}
