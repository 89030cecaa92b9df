import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { LabelCatalogue } from '../../classifier/labels.js';
import { PreparedAnswer } from '../prepared-answer.js';
import { labelsAnswerSchema } from '../schemas/labels.js';

/**
 * GET /labels: the labels that lines can get, with their definitions and examples.
 * @param options.catalogue returns these labels; a new head or an edit of the rules may replace them
 */
export const labelRoutes: FastifyPluginCallbackZod<{ catalogue: () => LabelCatalogue }> = (
  app,
  { catalogue },
  done,
) => {
  const answerFor = createAnswerCache();
  app.get(
    '/labels',
    {
      schema: {
        tags: ['labels'],
        summary: 'List the labels that lines can get and what they mean',
        response: { 200: labelsAnswerSchema },
      },
    },
    (request, reply) => answerFor(catalogue()).send(request, reply),
  );
  done();
};

/** Returns a function that builds the answer once per catalogue. */
function createAnswerCache(): (catalogue: LabelCatalogue) => PreparedAnswer {
  const answers = new WeakMap<LabelCatalogue, PreparedAnswer>();
  return (catalogue) => {
    const answer = answers.get(catalogue) ?? prepare(catalogue);
    answers.set(catalogue, answer);
    return answer;
  };
}

function prepare({ labels }: LabelCatalogue): PreparedAnswer {
  const body: z.input<typeof labelsAnswerSchema> = {
    labels: labels.map(({ name, definition, examples }) => ({ name, definition, examples: [...examples] })),
  };
  return new PreparedAnswer(JSON.stringify(body), 'application/json; charset=utf-8');
}
