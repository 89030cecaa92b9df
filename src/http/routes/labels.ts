import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { LabelCatalogue } from '../../classifier/labels.js';
import { prefersHtml } from '../accept.js';
import { labelsPage } from '../pages/labels-page.js';
import { PreparedAnswer } from '../prepared-answer.js';
import { labelsAnswerSchema, type LabelsAnswer } from '../schemas/labels.js';
import { pageForBrowsers } from '../schemas/page.js';

/**
 * GET /labels: the labels that lines can get, with their definitions and examples.
 * @param options.catalogue returns these labels; a new head or an edit of the rules may replace them
 */
export const labelRoutes: FastifyPluginCallbackZod<{ catalogue: () => LabelCatalogue }> = (
  app,
  { catalogue },
  done,
) => {
  const answersFor = createAnswerCache();
  app.get(
    '/labels',
    {
      schema: {
        operationId: 'listLabels',
        tags: ['labels'],
        summary: 'List the labels that lines can get and what they mean',
        response: { 200: labelsAnswerSchema },
      },
      config: { answers: pageForBrowsers, answerHeaders: ['ETag'] },
    },
    (request, reply) => {
      const { json, page } = answersFor(catalogue());
      reply.header('vary', 'accept');
      (prefersHtml(request.headers.accept) ? page : json).send(request, reply);
    },
  );
  done();
};

/** The same labels for programs and for people. */
interface PreparedAnswers {
  json: PreparedAnswer;
  page: PreparedAnswer;
}

/** Returns a function that builds the answers once per catalogue. */
function createAnswerCache(): (catalogue: LabelCatalogue) => PreparedAnswers {
  const cache = new WeakMap<LabelCatalogue, PreparedAnswers>();
  return (catalogue) => {
    const answers = cache.get(catalogue) ?? prepare(catalogue);
    cache.set(catalogue, answers);
    return answers;
  };
}

function prepare({ labels }: LabelCatalogue): PreparedAnswers {
  const body: LabelsAnswer = {
    labels: labels.map(({ name, definition, examples }) => ({ name, definition, examples: [...examples] })),
  };
  return {
    json: new PreparedAnswer(JSON.stringify(body), 'application/json; charset=utf-8'),
    page: new PreparedAnswer(labelsPage(body), 'text/html; charset=utf-8'),
  };
}
