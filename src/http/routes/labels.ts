import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import type { LabelCatalogue } from '../../classifier/labels.js';
import { labelsAnswerSchema } from '../schemas/labels.js';

/** GET /labels: what lines can be labelled as, and what each label means. */
export const labelRoutes: FastifyPluginCallbackZod<{ catalogue: () => LabelCatalogue }> = (
  app,
  { catalogue },
  done,
) => {
  app.get(
    '/labels',
    {
      schema: {
        tags: ['labels'],
        summary: 'The labels and what they mean',
        response: { 200: labelsAnswerSchema },
      },
    },
    () => ({
      labels: catalogue().labels.map(({ name, definition, examples }) => ({
        name,
        definition,
        examples: [...examples],
      })),
    }),
  );
  done();
};
