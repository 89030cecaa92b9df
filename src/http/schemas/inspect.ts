import { z } from 'zod';
import { warningSchema } from './classify.js';

const fieldSchema = z
  .object({
    name: z.string().describe('The name of the column, or the path in JSON.'),
    column: z.int().optional().describe('The number of the column in a table, counted from 1.'),
    guessed: z
      .boolean()
      .describe(
        'Whether the name is unknown and the column was chosen by its content. POST /classify does not guess.',
      ),
  })
  .meta({ id: 'InspectedField', description: 'Where a field comes from.' })
  .nullable()
  .describe('null if the input has no such field.');

/** The answer of POST /inspect. */
export const inspectAnswerSchema = z
  .object({
    format: z.enum(['csv', 'lines', 'ndjson', 'json', 'xlsx']),
    packings: z.array(z.string()).describe('How the input is compressed, outermost first, such as gzip.'),
    encoding: z.string().nullable().describe('The name of the encoding; null for a workbook.'),
    delimiter: z.string().nullable().describe('The delimiter of a table.'),
    header_line: z.int().nullable().describe('The line of the header, counted from 1.'),
    columns: z.array(z.string()).describe('The columns of a table, or the fields of the first records.'),
    sheets: z.array(z.string()).optional().describe('The sheets of a workbook, at most 100.'),
    message: fieldSchema,
    source: fieldSchema,
    level: fieldSchema,
    rows: z
      .array(
        z.object({
          source: z.string(),
          log_message: z.string().describe('Cut to 1,000 characters.'),
          level: z.string().optional(),
          cells: z.array(z.string()).optional().describe('The cells of a table, each cut to 200 characters.'),
        }),
      )
      .describe('The first records, at most ten.'),
    problems: z.object({
      count: z.int().describe('How many records of the inspected part cannot be read.'),
      first: z.array(z.object({ line: z.int(), detail: z.string() })).describe('At most ten of them.'),
    }),
    inspected: z
      .enum(['all', 'start'])
      .describe('Whether the complete input was inspected or only its start.'),
    warnings: z.array(warningSchema),
  })
  .meta({
    id: 'InspectAnswer',
    description: 'How the server reads an input.',
    examples: [
      {
        format: 'csv',
        packings: [],
        encoding: 'utf-8',
        delimiter: ',',
        header_line: 1,
        columns: ['source', 'log_message'],
        message: { name: 'log_message', column: 2, guessed: false },
        source: { name: 'source', column: 1, guessed: false },
        level: null,
        rows: [
          {
            source: 'ModernCRM',
            log_message: 'User User123 logged in.',
            cells: ['ModernCRM', 'User User123 logged in.'],
          },
        ],
        problems: { count: 0, first: [] },
        inspected: 'all',
        warnings: [],
      },
    ],
  });

/** The body of the answer of POST /inspect. */
export type InspectAnswer = z.infer<typeof inspectAnswerSchema>;
