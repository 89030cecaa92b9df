import { z } from 'zod';

/** The answer of GET /labels: the catalogue in its own order. */
export const labelsAnswerSchema = z.object({
  labels: z.array(
    z.object({
      name: z.string(),
      definition: z.string().describe('Empty for a label that only a user’s own head knows.'),
      examples: z.array(z.string()),
    }),
  ),
});
