import { z } from 'zod';
import { errorCatalogue, type ErrorCode } from '../../errors.js';

const codes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];

/** An error in the form of RFC 9457, with a stable `code` for programs and the position of the error. */
export const problemSchema = z
  .object({
    type: z.string().describe('Always about:blank. The field code identifies the problem.'),
    title: z.string().describe('The problem in a few words, the same for each code.'),
    status: z.int().describe('The HTTP status of the answer.'),
    code: z.enum(codes).describe('The stable name of the problem, for programs.'),
    detail: z.string().describe('What is wrong and how to fix it, for people.'),
    line: z
      .int()
      .optional()
      .describe('Line of the file or the JSON body, counted from 1. The header of a CSV is line 1.'),
    column: z
      .union([z.string(), z.int()])
      .optional()
      .describe('Name of the column, or its number counted from 1.'),
    offset: z.int().optional().describe('Byte offset from the start of the file or the JSON body.'),
    path: z.string().optional().describe('Path of the invalid field in a JSON body, such as logs.3.source.'),
    columns: z
      .array(z.string())
      .optional()
      .describe('The columns of the table, if the error is about its columns.'),
    guess: z
      .union([z.int(), z.string()])
      .optional()
      .describe(
        'The number of the column, counted from 1, or the path of the JSON field that may have the message.',
      ),
    request_id: z
      .string()
      .describe(
        'The X-Request-Id of this answer. Every line that the server logs for the request contains it.',
      ),
  })
  .meta({
    id: 'Problem',
    description: 'Why a request failed, in the form of RFC 9457.',
  });

/** The body of the answer to a failed request. */
export type Problem = z.infer<typeof problemSchema>;

/** Returns the response schemas of the problems with these statuses, for the schema of a route. */
export function problemResponses(...statuses: number[]): Record<number, typeof problemSchema> {
  return Object.fromEntries(statuses.map((status) => [status, problemSchema]));
}
