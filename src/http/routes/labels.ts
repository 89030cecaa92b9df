import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { LabelCatalogue } from '../../classifier/labels.js';
import { PreparedAnswer } from '../prepared-answer.js';
import { labelsAnswerSchema } from '../schemas/labels.js';

/** GET /labels: what lines can be labelled as, and what each label means. */
export const labelRoutes: FastifyPluginCallbackZod<{ catalogue: () => LabelCatalogue }> = (
  app,
  { catalogue },
  done,
) => {
  const answerWith = prepareOnce();
  app.get(
    '/labels',
    {
      schema: {
        tags: ['labels'],
        summary: 'The labels and what they mean',
        response: { 200: labelsAnswerSchema },
      },
    },
    (request, reply) => answerWith(catalogue()).send(request, reply),
  );
  done();
};

/** Gives the answer of a catalogue. It is made once for each catalogue, which changes only with the head. */
function prepareOnce(): (catalogue: LabelCatalogue) => PreparedAnswer {
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
