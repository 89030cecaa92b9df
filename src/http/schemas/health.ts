import { z } from 'zod';

/** The answer of GET /health/live. */
export const liveSchema = z.object({ status: z.literal('live') });

/** The answer of GET /health/ready when the server is ready. */
export const readySchema = z.object({
  status: z.literal('ready'),
  version: z.string().describe('Version of the classifier, as in the header X-Classifier-Version.'),
  encoder: z.string().describe('Id of the sentence encoder.'),
  head: z.string().describe('Hash of the file of the head, the logistic regression.'),
  rules: z.object({ version: z.string(), count: z.int() }),
  llm: z
    .boolean()
    .describe('Whether GROQ_API_KEY is set. Without it, rules and embedding label the lines of LLM_SOURCES.'),
});

/** The body of the answer of GET /health/ready. */
export type Readiness = z.infer<typeof readySchema>;
