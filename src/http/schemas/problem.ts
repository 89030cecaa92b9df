import { z } from 'zod';
import { errorCatalogue, type ErrorCode } from '../../errors.js';

const codes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];

/** An error as RFC 9457 has it, with the stable `code` that programs compare and the place of the trouble. */
export const problemSchema = z
  .object({
    type: z.string().describe('Always about:blank: the code says what happened.'),
    title: z.string(),
    status: z.int(),
    code: z.enum(codes),
    detail: z.string().describe('What is wrong and what to do, for a person.'),
    line: z.int().optional().describe('Line of the file or the JSON body, from 1; a CSV’s header is line 1.'),
    column: z.union([z.string(), z.int()]).optional().describe('Name or number (from 1) of the column.'),
    offset: z.int().optional().describe('Byte offset from the start of the file or the JSON body.'),
    path: z.string().optional().describe('Path of the wrong field in a JSON body, such as logs.3.source.'),
    request_id: z
      .string()
      .describe('The X-Request-Id of this answer; the log lines of the server have it too.'),
  })
  .describe('Problem');

/** The body of an error's answer. */
export type Problem = z.infer<typeof problemSchema>;
