import { z } from 'zod';

/** The answer of GET /health/live. */
export const liveSchema = z
  .object({ status: z.literal('live') })
  .meta({ id: 'Live', description: 'The process is running.', examples: [{ status: 'live' }] });

/** The answer of GET /health/ready when the server is ready. */
export const readySchema = z
  .object({
    status: z.literal('ready'),
    version: z.string().describe('Version of the classifier, as in the header X-Classifier-Version.'),
    encoder: z.string().describe('Id of the sentence encoder.'),
    head: z.string().describe('Hash of the file of the head, the logistic regression.'),
    rules: z.object({
      version: z.string().describe('Hash of the rules in use.'),
      count: z.int().describe('The number of rules.'),
    }),
    llm: z
      .boolean()
      .describe(
        'Whether GROQ_API_KEY is set. Without it, rules and embedding label the lines of LLM_SOURCES.',
      ),
  })
  .meta({
    id: 'Readiness',
    description: 'The server can label logs with these parts.',
    examples: [
      {
        status: 'ready',
        version: '886847c3ed5aa466',
        encoder: 'all-MiniLM-L6-v2-logs-int8',
        head: 'f8f5d044b1d40286',
        rules: { version: 'db23dd5937981cb3', count: 152 },
        llm: false,
      },
    ],
  });

/** The body of the answer of GET /health/ready. */
export type Readiness = z.infer<typeof readySchema>;
