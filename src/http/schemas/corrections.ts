import { z } from 'zod';
import type { Correction } from '../../classifier/corrections/correction.js';
import { toTemplate } from '../../classifier/template/template.js';

/** Longest message and source of a correction. */
export const MAX_MESSAGE_CHARS = 65_536;
const MAX_SOURCE_CHARS = 1000;

/** A correction as a client sends it. */
export const CORRECTION_EXAMPLE = {
  log_message: 'User User123 logged in.',
  label: 'Security Alert',
  source: 'ModernCRM',
};

const example = {
  id: '6e8e8afa75b92671',
  ...CORRECTION_EXAMPLE,
  template: 'User User<num> logged in.',
  created: '2026-11-26T12:00:00.000Z',
  active: true,
};

/** The corrections as CSV. */
export const csvSchema = {
  type: 'string',
  description: 'The corrections that act, for training.',
  examples: ['source,log_message,target_label\nModernCRM,User User123 logged in.,Security Alert\n'],
};

const maxChars = (limit: number) => `must have at most ${limit.toLocaleString('en')} characters`;

/** The body of POST /corrections. Other fields are refused: a misspelt source would correct the lines of all sources. */
export const newCorrectionSchema = z
  .strictObject({
    log_message: z
      .string('must be a text')
      .max(MAX_MESSAGE_CHARS, maxChars(MAX_MESSAGE_CHARS))
      .refine((message) => toTemplate(message) !== '', 'must not be empty')
      .describe('A message with the wrong label. All messages with its template get the new one.'),
    label: z.string('must be a text').describe('The right label, one of GET /labels.'),
    source: z
      .string('must be a text')
      .max(MAX_SOURCE_CHARS, maxChars(MAX_SOURCE_CHARS))
      .optional()
      .describe('If it is not blank, only lines of this source are corrected. Case does not matter.'),
  })
  .meta({
    id: 'NewCorrection',
    description: 'A label for the template of a message.',
    examples: [CORRECTION_EXAMPLE],
  });

/** A label that a person gave to a template. */
export const correctionSchema = z
  .object({
    id: z.string(),
    log_message: z.string().describe('The message that was corrected.'),
    template: z
      .string()
      .describe(
        'Its template, by the current version of the program. Messages with this template are corrected.',
      ),
    label: z.string(),
    source: z
      .string()
      .optional()
      .describe('Only lines of this source are corrected. Missing if those of all sources are.'),
    created: z.iso.datetime().describe('When the label was given.'),
    active: z
      .boolean()
      .describe(
        'Whether it acts. It does not if lines cannot get its label any more, or if a later correction has the same template and source.',
      ),
  })
  .meta({ id: 'Correction', description: 'A label that a person gave to a template.', examples: [example] });

/** The query of GET /corrections. */
export const correctionsQuerySchema = z.object({
  format: z
    .enum(['csv', 'json'], { error: 'must be csv or json' })
    .optional()
    .describe('The format of the answer. Default: as Accept says, otherwise json.'),
});

/** All corrections. */
export const correctionListSchema = z
  .object({ corrections: z.array(correctionSchema).describe('The last one given first.') })
  .meta({ id: 'CorrectionList', description: 'All corrections.', examples: [{ corrections: [example] }] });

/** A correction as JSON. */
export type CorrectionJson = z.input<typeof correctionSchema>;

/** Returns a correction as JSON. */
export function toCorrectionJson(
  { id, message, template, label, source, created }: Correction,
  active: boolean,
): CorrectionJson {
  return { id, log_message: message, template, label, source, created, active };
}
