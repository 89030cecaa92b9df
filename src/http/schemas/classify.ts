import { z } from 'zod';
import { warningsOf } from '../../formats/warnings.js';

const resultExample = {
  target_label: 'User Action',
  tier: 'rule',
  confidence: 1,
  rule: 'user-logged-in-or-out',
} as const;

/** A label with its confidence, as JSON. */
export const labelConfidenceSchema = z.object({
  label: z.string(),
  confidence: z.number().describe('Calibrated, from 0 to 1.'),
});

/** Label and details of one record, as JSON. */
export const resultSchema = z
  .object({
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
    top: z
      .array(labelConfidenceSchema)
      .optional()
      .describe(
        'With the parameter top: the likeliest labels, the likeliest first. Only for lines of the embedding tier.',
      ),
    level: z.string().optional().describe('The level that the record states, such as ERROR.'),
  })
  .meta({ id: 'Result', description: 'The label of one record.', examples: [resultExample] });

/** A warning about an answer, as JSON. */
export const warningSchema = z
  .object({
    code: z.enum([
      'llm-unavailable',
      'blank-lines',
      'rows-skipped',
      'bytes-replaced',
      'encoding-guessed',
      'input-truncated',
      'empty-messages',
      'message-cut',
      'sheets-left-out',
      'target-label-overwritten',
    ]),
    count: z.int().describe('The number of records, lines, bytes or sheets concerned.'),
    value: z.string().optional().describe('For encoding-guessed: the name of the encoding.'),
    message: z.string().describe('The warning as a sentence, for people.'),
  })
  .meta({
    id: 'Warning',
    description: 'Something that the server skipped, replaced or guessed.',
    examples: warningsOf({ 'rows-skipped': 2 }),
  });

const answerSchema = z.object({ results: z.array(resultSchema), warnings: z.array(warningSchema) }).meta({
  id: 'ClassifyAnswer',
  description: 'One result for each record, in order.',
  examples: [{ results: [resultExample], warnings: [] }],
});

const logExample = { source: 'ModernCRM', log_message: 'User User123 logged in.' };
const labelledExample = { ...logExample, target_label: 'User Action' };

const labelledRecordsSchema = z.array(z.looseObject({ target_label: z.string() })).meta({
  id: 'LabelledRecords',
  description: 'The list that was sent; each object has target_label, with details=true also the details.',
  examples: [[labelledExample]],
});

/** The JSON answer of POST /classify: a list for a list, results for everything else. */
export const classifyAnswerSchema = z.union([answerSchema, labelledRecordsSchema]);

const fieldsHint =
  'The message is read from log_message, message, msg, log and other known names; the source from source, service, app, host and others.';

const recordSchema = z
  .looseObject({
    source: z.string().optional().describe('The system that the record comes from.'),
    log_message: z.string().optional().describe('The text to label.'),
  })
  .meta({ id: 'LogRecord', description: `A log record. ${fieldsHint}`, examples: [logExample] });

const jsonBodySchema = z
  .union([
    z
      .object({ logs: z.array(recordSchema).max(100_000) })
      .meta({ id: 'Logs', description: 'Log records, for an answer with results.' }),
    z.array(recordSchema),
    recordSchema,
  ])
  .meta({
    description: `Logs in the field logs of an object, in a list, or a single log. ${fieldsHint}`,
    examples: [{ logs: [logExample] }, [logExample], logExample],
  });

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

/** Schemas of the bodies by media type, for the OpenAPI description. */
export const classifyBodies = {
  'multipart/form-data': { type: 'object', required: ['file'], properties: { file } },
  'text/csv': csv,
  'text/plain': lines,
  'application/x-ndjson': ndjson,
  'application/json': jsonBodySchema,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': binary('An Excel workbook.'),
  'application/gzip': binary('Any of the other formats, compressed.'),
} as const;

/** Schemas of the answers by media type, JSON excepted, for the OpenAPI description. */
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
    examples: [`${JSON.stringify(labelledExample)}\n`],
  },
} as const;
