import { z } from 'zod';

const resultSchema = z.object({
  target_label: z.string(),
  tier: z
    .enum(['corrected', 'llm', 'rule', 'embedding', 'none'])
    .describe(
      'What gave the label: a correction, see POST /corrections, or a tier; none if the message is empty.',
    ),
  confidence: z
    .number()
    .nullable()
    .describe(
      '1 for a correction or a rule, null for the LLM and for an empty message, a calibrated probability for the embedding tier.',
    ),
  rule: z.string().optional().describe('Id of the rule that matched.'),
  note: z
    .enum(['low-confidence', 'unfamiliar', 'llm-unavailable'])
    .optional()
    .describe(
      'low-confidence: the confidence is below the threshold. unfamiliar: most words of the line are unknown, and the confidence is too low for such a line. llm-unavailable: the LLM gave no label, so rules or the embedding tier did.',
    ),
  level: z.string().optional().describe('The level that the record states, such as ERROR.'),
});

/** A warning about an answer, as JSON. */
export const warningSchema = z.object({
  code: z.enum([
    'llm-unavailable',
    'blank-lines',
    'rows-skipped',
    'bytes-replaced',
    'encoding-guessed',
    'input-truncated',
    'empty-messages',
    'message-cut',
    'target-label-overwritten',
  ]),
  count: z.int().describe('The number of records, lines or bytes concerned.'),
  value: z.string().optional().describe('For encoding-guessed: the name of the encoding.'),
  message: z.string(),
});

/** The JSON answer of POST /classify: one result for each record, in order. */
export const classifyAnswerSchema = z.object({
  results: z.array(resultSchema),
  warnings: z.array(warningSchema),
});

const logExample = { source: 'ModernCRM', log_message: 'User User123 logged in.' };
const fieldsHint =
  'The message is read from log_message, message, msg, log and other known names; the source from source, service, app, host and others.';
const csv = {
  type: 'string',
  description: `A table with a header; delimiters are comma, semicolon, tab and pipe. ${fieldsHint}`,
  examples: ['source,log_message\nModernCRM,User User123 logged in.\n'],
};
const lines = {
  type: 'string',
  description: 'One log line per line. Stack traces belong to the line before them.',
  examples: ['Nov 26 05:00:01 web1 sshd[812]: Accepted publickey for deploy from 10.0.0.7 port 50022\n'],
};
const ndjson = {
  type: 'string',
  description: `One JSON object per line. ${fieldsHint}`,
  examples: [`${JSON.stringify(logExample)}\n`],
};
const binary = (description: string) => ({ type: 'string', format: 'binary', description });
const file = binary('A log file in any format, also compressed with gzip, zstd or zip.');

/** JSON schemas of the bodies by media type, for the OpenAPI description. */
export const classifyBodies = {
  'multipart/form-data': { type: 'object', required: ['file'], properties: { file } },
  'text/csv': csv,
  'text/plain': lines,
  'application/x-ndjson': ndjson,
  'application/json': {
    description: `Logs in a list, in the field logs of an object, or a single log. ${fieldsHint}`,
    examples: [{ logs: [logExample] }, [logExample], logExample],
    oneOf: [
      {
        type: 'object',
        required: ['logs'],
        properties: { logs: { type: 'array', maxItems: 100_000, items: { type: 'object' } } },
      },
      { type: 'array', items: { type: 'object' } },
      { type: 'object' },
    ],
  },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': binary('An Excel workbook.'),
  'application/gzip': binary('Any of the other formats, compressed.'),
} as const;

/** JSON schemas of the answers by media type, JSON excepted, for the OpenAPI description. */
export const classifyAnswers = {
  'text/csv': {
    type: 'string',
    description:
      'The same table with the column target_label. For plain lines: source, log_message and target_label.',
    examples: ['source,log_message,target_label\nModernCRM,User User123 logged in.,User Action\n'],
  },
  'application/x-ndjson': {
    type: 'string',
    description: 'The same objects with target_label, one per line.',
    examples: [`${JSON.stringify({ ...logExample, target_label: 'User Action' })}\n`],
  },
} as const;
