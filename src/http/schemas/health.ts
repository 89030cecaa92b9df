import { z } from 'zod';

/** The answer of GET /health/live. */
export const liveSchema = z.object({ status: z.literal('live') });

/** The good answer of GET /health/ready: what this process works with. */
export const readySchema = z.object({
  status: z.literal('ready'),
  version: z.string().describe('Of the classifier, as in X-Classifier-Version of labelled answers.'),
  encoder: z.string().describe('Id of the sentence encoder.'),
  head: z.string().describe('Version of the head: changes with every training.'),
  rules: z.object({ version: z.string(), count: z.int() }),
  llm: z
    .boolean()
    .describe('Whether a key for the LLM is set; without, its lines go to rules and embeddings.'),
});

/** What GET /health/ready tells. */
export type Readiness = z.infer<typeof readySchema>;
