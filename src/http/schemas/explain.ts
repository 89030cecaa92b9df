import { z } from 'zod';
import { labelConfidenceSchema, resultSchema } from './classify.js';

/** The body of POST /explain: one record. */
export const explainBodySchema = z
  .strictObject({
    source: z.string('must be a string').default('').describe('The system that wrote the line.'),
    log_message: z.string('must be a string').describe('The log line, at most 65,536 characters.'),
  })
  .meta({
    id: 'ExplainRequest',
    examples: [{ source: 'ModernCRM', log_message: 'User User123 logged in.' }],
  });

const termSchema = z.object({
  term: z
    .string()
    .describe(
      'As the vocabulary has it: a word, the start of a word (disco*), two words in a row, a punctuation mark, or a class for the number of words (#4).',
    ),
  contribution: z.number(),
});

const explainedLabelSchema = labelConfidenceSchema.extend({
  score: z
    .number()
    .describe(
      'The raw score of the head, also called logit: the value before the sigmoid. It is not calibrated. The contributions add up to it, to 1e-6.',
    ),
  contributions: z.object({
    constant: z.number(),
    embedding: z.number().describe('The contribution of the complete embedding.'),
    terms: z
      .array(termSchema)
      .describe('The terms with the largest contributions, at most 20, ordered by size without the sign.'),
    other_terms: z
      .object({ count: z.int(), contribution: z.number() })
      .describe('The sum of all other terms, and how many they are.'),
  }),
});

const embeddingExplanationSchema = z
  .object({
    template: z.string().describe('What encoder and head read: variable parts are masked.'),
    labels: z.array(explainedLabelSchema).describe('The three likeliest labels, the likeliest first.'),
    temperature: z
      .number()
      .describe('The confidences are the softmax of the scores of all labels, each divided by this.'),
    threshold: z
      .number()
      .describe('Below this confidence a line is Unclassified, with the note low-confidence.'),
    known_share: z.number().describe('The share of the words of the line that the head knows, from 0 to 1.'),
    unfamiliar_below: z
      .object({ known_share: z.number(), confidence: z.number() })
      .describe('If both values of a line are below these, it is Unclassified, with the note unfamiliar.'),
  })
  .describe('How the embedding tier came to its label. Missing if a rule matches or the message is empty.');

const matchedRuleSchema = z
  .object({
    id: z.string(),
    pattern: z.string().describe('In RE2 syntax.'),
    label: z.string(),
    matched_in: z
      .enum(['message', 'wrapped-message'])
      .describe('The text in which start and end count: log_message, or wrapped_message.'),
    text: z.string().describe('The part that the pattern matches.'),
    start: z.int().describe('Where the part begins, in UTF-16 code units from 0.'),
    end: z.int().describe('Where the part ends: the index after its last code unit.'),
  })
  .describe('The rule that matches. Missing if none does or the message is empty.');

const llmExplanationSchema = z
  .object({
    state: z
      .enum(['answered', 'not-asked', 'paused', 'no-key'])
      .describe(
        'answered: the LLM has labelled a line of this source and template, and its label is cached. not-asked: POST /classify would ask it. paused: it failed too often and is not asked for a while. no-key: lines are not sent to an LLM.',
      ),
    model: z.string(),
    instructions: z.string().describe('The system message, which is the same for all lines.'),
    source: z.string().describe('The source as it is sent.'),
    message: z
      .string()
      .describe('The message as it is sent: secrets and personal data masked, at most 1,000 characters.'),
    without_llm: resultSchema
      .omit({ top: true, level: true })
      .describe('What rules and embedding tier say. The other fields explain it.'),
  })
  .describe('What is sent to the LLM. Missing if the source is none of LLM_SOURCES.');

const correctionSchema = z
  .object({
    id: z.string(),
    log_message: z.string().describe('The message that was corrected.'),
    source: z.string().optional().describe('Missing if the correction is for lines of all sources.'),
    created: z.iso.datetime(),
    without_correction: resultSchema
      .omit({ top: true, level: true })
      .describe('What rules and embedding tier say. The other fields explain it.'),
  })
  .describe('The correction that gave the label, see POST /corrections. Missing if there is none.');

/** The answer of POST /explain. */
export const explainAnswerSchema = resultSchema
  .omit({ top: true, level: true })
  .extend({
    target_label: z
      .string()
      .nullable()
      .describe(
        'As POST /classify gives it, like tier, confidence, rule and note. null if the LLM would have to be asked: explaining does not ask it.',
      ),
    correction: correctionSchema.optional(),
    llm: llmExplanationSchema.optional(),
    wrapped_message: z
      .string()
      .optional()
      .describe(
        'The message that log_message wraps in JSON, in pairs or behind a prefix. Missing if it wraps none.',
      ),
    matched_rule: matchedRuleSchema.optional(),
    embedding: embeddingExplanationSchema.optional(),
  })
  .meta({ id: 'Explanation', description: 'How a line gets its label.' });
