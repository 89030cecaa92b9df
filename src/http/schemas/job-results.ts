import { z } from 'zod';
import type { RowFilter } from '../../jobs/store/questions.js';
import { KEPT_MESSAGE_CHARS } from '../../jobs/store/batch.js';
import { TEMPLATE_ORDERS } from '../../jobs/store/questions.js';

const TIERS = ['corrected', 'llm', 'rule', 'embedding', 'none'] as const;
const NOTES = ['low-confidence', 'unfamiliar', 'llm-unavailable'] as const;

/** One text, or several of which one must hold. */
const several = (description: string) =>
  z
    .union([z.string().max(1000), z.array(z.string().max(1000)).max(50)])
    .transform((given) => [given].flat())
    .optional()
    .describe(`${description} May appear more than once: one of them must hold.`);
const oneOf = <const Names extends readonly [string, ...string[]]>(names: Names, description: string) =>
  z
    .union([z.enum(names), z.array(z.enum(names))], { error: `must be one of ${names.join(', ')}` })
    .transform((given) => [given].flat())
    .optional()
    .describe(`${description} May appear more than once: one of them must hold.`);
const confidence = (description: string) =>
  z.coerce
    .number('must be a number from 0 to 1')
    .min(0, 'must be a number from 0 to 1')
    .max(1, 'must be a number from 0 to 1')
    .optional()
    .describe(description);
const time = (description: string) =>
  z.iso
    .datetime({ offset: true, error: 'must be a time such as 2026-11-26T12:00:00Z' })
    .transform((text) => Date.parse(text))
    .optional()
    .describe(description);
const flag = (description: string) =>
  z
    .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
    .transform((given) => given === 'true' || given === '1')
    .optional()
    .describe(description);
const text = z.string().min(1, 'must not be empty').max(200, 'is longer than 200 characters').optional();
const pages = {
  cursor: z
    .string()
    .max(40)
    .optional()
    .describe('next_cursor of the page before. All other parameters stay as they were.'),
  limit: z.coerce
    .number('must be a whole number from 1 to 500')
    .int('must be a whole number from 1 to 500')
    .min(1, 'must be a whole number from 1 to 500')
    .max(500, 'must be a whole number from 1 to 500')
    .default(100)
    .describe('The length of a page.'),
};

const templateFilters = {
  label: several('Rows with this label.'),
  source: several('Rows of this source.'),
  tier: oneOf(TIERS, 'Rows that this tier labelled.'),
  note: oneOf(NOTES, 'Rows with this note.'),
  min_confidence: confidence('Rows with at least this confidence.'),
  max_confidence: confidence('Rows with at most this confidence.'),
};

const rowFilters = {
  template: several('Rows of this template: its id.'),
  ...templateFilters,
  own_label: several('Rows that had this label in the input.'),
  since: time('Rows with a time from this one on.'),
  until: time('Rows with a time before this one.'),
};

/** The parameters that may appear more than once. */
export const REPEATABLE = ['template', 'label', 'source', 'tier', 'note', 'own_label'];

/** The query of GET /jobs/{id}/rows. */
export const rowsQuerySchema = z.object({
  ...rowFilters,
  q: text.describe(
    'Rows whose message contains this text, in any case. A page covers half a million rows, so it may be short and still have a next_cursor.',
  ),
  ...pages,
});

/** The query of GET /jobs/{id}/templates. */
export const templatesQuerySchema = z.object({
  ...templateFilters,
  q: text.describe('Templates that contain this text, themselves or in their example, in any case.'),
  sort: z
    .enum(TEMPLATE_ORDERS, { error: `must be one of ${TEMPLATE_ORDERS.join(', ')}` })
    .default('rows')
    .describe(
      'rows: most rows first. confidence: least confident first. first: as they appear in the input.',
    ),
  ...pages,
});

/** The query of GET /jobs/{id}/result. */
export const resultQuerySchema = z.object({
  ...rowFilters,
  format: z
    .enum(['csv', 'ndjson', 'json', 'parquet'], { error: 'must be csv, ndjson, json or parquet' })
    .optional()
    .describe('The format of the result. Default: as POST /classify answers this input.'),
  details: flag('Adds tier, confidence, rule and note. Default: as the job was created.'),
  bom: flag('Whether a CSV begins with a byte order mark. Default: as the job was created.'),
  excel_safe: flag(
    'Puts a quote mark in front of cells of a CSV that a spreadsheet would run as a formula. Default: false.',
  ),
});

/** The query of GET /jobs/{id}/rejected. */
export const rejectedQuerySchema = z.object({
  format: z.enum(['csv', 'json'], { error: 'must be csv or json' }).default('csv'),
  ...pages,
});

/** The filters of a query, for the store. */
export function toFilter(query: Partial<z.output<typeof resultQuerySchema>>): RowFilter {
  const filter = {
    templates: query.template,
    labels: query.label,
    sources: query.source,
    tiers: query.tier,
    notes: query.note,
    ownLabels: query.own_label,
    minConfidence: query.min_confidence,
    maxConfidence: query.max_confidence,
    since: query.since,
    until: query.until,
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

const nextCursor = z.string().nullable().describe('The cursor of the next page; null after the last one.');
const labelFields = {
  target_label: z.string(),
  tier: z.string(),
  confidence: z.number().nullable(),
  rule: z.string().nullable(),
  note: z.string().nullable(),
};

/** A page of templates. */
export const templatesSchema = z
  .object({
    templates: z.array(
      z.object({
        id: z.string(),
        template: z
          .string()
          .describe(
            'The text of the lines. Its variable parts are written as <num>, <ip>, <time> and so on.',
          ),
        example: z.string().describe(`The first message, at most ${KEPT_MESSAGE_CHARS} characters of it.`),
        ...labelFields,
        rows: z.int(),
        first_line: z.int(),
        last_line: z.int(),
        source: z.string().describe('The source with the most rows of this template.'),
        sources: z.int().describe('How many sources have rows of this template.'),
      }),
    ),
    count: z.int().describe('How many templates fit the filters.'),
    rows: z.int().describe('How many rows these templates have.'),
    next_cursor: nextCursor,
  })
  .meta({ id: 'TemplatesPage' });

/** A page of rows. */
export const rowsSchema = z
  .object({
    rows: z.array(
      z.object({
        row: z.int().describe('The number of the row, counted from 1.'),
        line: z.int().describe('The line of the input on which the record begins, counted from 1.'),
        source: z.string(),
        log_message: z.string().describe(`At most ${KEPT_MESSAGE_CHARS} characters. The result has all.`),
        message_cut: z.boolean().describe('Whether the message is longer.'),
        ...labelFields,
        time: z.iso.datetime().nullable(),
        own_label: z.string().nullable().describe('The label that the record had in the input.'),
        template: z.string().describe('The id of its template.'),
      }),
    ),
    next_cursor: nextCursor,
  })
  .meta({ id: 'RowsPage' });

/** A page of rejected rows. */
export const rejectedSchema = z
  .object({
    rejected: z.array(
      z.object({
        line: z.int(),
        reason: z.string(),
        text: z.string().describe('The record as it stood in the input.'),
        text_cut: z.boolean().describe('Whether the record is longer than 100,000 characters.'),
      }),
    ),
    next_cursor: nextCursor,
  })
  .meta({ id: 'RejectedPage' });

const rows = z.int().describe('How many rows.');

/** What a finished job shows at a glance. */
export const summarySchema = z
  .object({
    rows: z.int(),
    templates: z.int(),
    sources: z.int(),
    rejected: z.int(),
    seconds: z.number().describe('From the start of labelling to its end.'),
    threshold: z.number().describe('The confidence below which the embedding tier withholds a label, now.'),
    labels: z.array(z.object({ label: z.string(), tier: z.string(), rows })),
    source_labels: z
      .array(z.object({ source: z.string(), label: z.string(), rows }))
      .describe('The 50 sources with the most rows.'),
    notes: z.array(z.object({ note: z.string(), rows })),
    warnings: z.array(
      z.object({ code: z.string(), count: z.int(), value: z.string().optional(), message: z.string() }),
    ),
    confidence: z
      .array(z.int())
      .describe('Rows of the embedding tier by confidence, in 20 intervals of 0.05 from 0 to 1.'),
    times: z
      .object({
        first: z.iso.datetime(),
        last: z.iso.datetime(),
        start: z.iso.datetime().describe('When the first interval begins.'),
        interval_seconds: z.number(),
        rows_with_time: z.int(),
        labels: z.array(z.object({ label: z.string(), rows: z.array(z.int()) })),
      })
      .optional()
      .describe('Labels over time, if rows have times.'),
    own_labels: z
      .object({
        rows: z.int().describe('Rows that had a label in the input.'),
        agreeing: z.int().describe('Rows of which the label is the same.'),
        pairs: z.array(z.object({ own_label: z.string(), label: z.string(), rows })),
      })
      .optional()
      .describe('How the labels agree with those of the input, if it had any.'),
  })
  .meta({ id: 'Summary' });
