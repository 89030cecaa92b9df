import { z } from 'zod';
import { logSchema, MAX_LOGS } from '../../formats/json/json-log-reader.js';
import { MAX_DEPTH, MAX_VALUES } from '../../formats/json/json-scanner.js';

/** JSON bodies of POST /classify: a list of logs or a single one. */
export const classifyBodySchema = z
  .union([z.object({ logs: z.array(logSchema).max(MAX_LOGS) }), logSchema])
  .describe(
    `A list of logs or a single log. Other fields are ignored. The JSON may have at most ${MAX_DEPTH} levels and ${MAX_VALUES} values.`,
  );

/** The query of POST /classify. */
export const classifyQuerySchema = z.object({
  details: z
    .stringbool({ error: 'must be true or false' })
    .default(false)
    .describe(
      'Adds the columns tier, confidence, rule and note to a CSV answer. JSON answers always have them.',
    ),
});

const resultSchema = z.object({
  target_label: z.string(),
  tier: z.enum(['llm', 'rule', 'embedding']).describe('The tier that gave the label.'),
  confidence: z
    .number()
    .nullable()
    .describe('1 for a rule, null for the LLM, a calibrated probability for the embedding tier.'),
  rule: z.string().optional().describe('Id of the rule that matched.'),
  note: z
    .enum(['low-confidence', 'llm-unavailable'])
    .optional()
    .describe(
      'low-confidence: the confidence is below the threshold. llm-unavailable: the LLM did not label this line of LLM_SOURCES.',
    ),
});

const warningSchema = z.object({
  code: z.enum(['llm-unavailable', 'blank-lines']),
  count: z.int().describe('The number of lines.'),
  message: z.string(),
});

/** The JSON answer of POST /classify: one result for each log, in order. */
export const classifyAnswerSchema = z.object({
  results: z.array(resultSchema),
  warnings: z.array(warningSchema),
});

/** JSON schemas of bodies and answers in other formats, for the OpenAPI description. */
export const csvDescription = {
  upload: {
    type: 'object',
    required: ['file'],
    properties: {
      file: {
        type: 'string',
        format: 'binary',
        description: 'A CSV with the columns source and log_message.',
      },
    },
  },
  text: {
    type: 'string',
    description: 'A CSV with the columns source and log_message.',
    examples: ['source,log_message\nModernCRM,User User123 logged in.\n'],
  },
  answer: {
    type: 'string',
    description: 'The same CSV with the column target_label.',
    examples: ['source,log_message,target_label\nModernCRM,User User123 logged in.,User Action\n'],
  },
} as const;
