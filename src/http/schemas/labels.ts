import { z } from 'zod';

/** The answer of GET /labels, in the order of the label catalogue. */
export const labelsAnswerSchema = z.object({
  labels: z.array(
    z.object({
      name: z.string(),
      definition: z.string().describe('Empty for a label of the head that LABELS_FILE does not define.'),
      examples: z.array(z.string()),
    }),
  ),
});
