import { z } from 'zod';

const flag = (description: string) =>
  z
    .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
    .optional()
    .describe(description)
    // For clients a boolean: they write it as true or false. The other two spellings are for people.
    .meta({ type: 'boolean', enum: undefined, examples: [true] });
const onOrOff = (description: string) =>
  z
    .enum(['on', 'off'], { error: 'must be on or off' })
    .optional()
    .describe(description)
    .meta({ examples: ['off'] });
const text = (description: string, examples: string[]) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(200, 'is longer than 200 characters')
    .optional()
    .describe(description)
    .meta({ examples });

/**
 * The parameters of labelling: the query of POST /classify, /inspect and /jobs, the fields of a form before its file, and
 * the options of the command line.
 */
export const labelParametersSchema = z.object({
  // How the input is read.
  message_column: text(
    'The column or JSON field with the log message: its name, its number counted from 1, or a path such as event.text. Without it, known names are looked for.',
    ['Details', '3', 'event.text'],
  ),
  source_column: text('The column or JSON field with the source: a name, a number or a path.', ['Server']),
  source: text('The source of all records, whatever the input says.', ['billing-db']),
  encoding: text(
    'The encoding of the input, as a label of the WHATWG Encoding Standard. Without it, the encoding is judged from the bytes.',
    ['windows-1251', 'shift_jis'],
  ),
  on_error: z
    .enum(['fail', 'skip'], { error: 'must be fail or skip' })
    .optional()
    .describe(
      'What to do with records that cannot be read. fail (default): refuse the input. skip: leave them out and count them in the warning rows-skipped.',
    )
    .meta({ examples: ['skip'] }),
  input_format: z
    .enum(['csv', 'lines', 'ndjson', 'json', 'xlsx'], { error: 'must be csv, lines, ndjson, json or xlsx' })
    .optional()
    .describe('The format of the input. Without it, the content, the Content-Type and the file name decide.')
    .meta({ examples: ['lines'] }),
  multiline: onOrOff(
    'Whether plain lines that continue the line before belong to its message, such as stack traces. Default: on.',
  ),
  sheet: text('The sheet of an Excel workbook: its name, or its number counted from 1. Default: the first.', [
    'Events',
    '2',
  ]),
  // How it is labelled and answered.
  details: flag(
    'Adds tier, confidence, rule and note to a CSV answer or to records that come back as JSON. Answers with results always have them.',
  ),
  top: z
    .string()
    .regex(/^([1-9]|10)$/, 'must be a number from 1 to 10')
    .optional()
    .describe(
      'Adds the field top with this many of the likeliest labels and their confidences, for lines of the embedding tier. A CSV answer gets a column top.',
    )
    .meta({ examples: ['3'] }),
  stream: flag(
    'Sends the answer as NDJSON while the input is read. Its last line is {"summary": …} or {"problem": …}; an answer without such a line is incomplete.',
  ),
  bom: flag(
    'Whether a CSV answer begins with a byte order mark. By default it does if the input did, for a workbook, and for a form whose file was not UTF-8.',
  ),
  llm: onOrOff('off: no line of this request is sent to the LLM. Default: on.'),
});

/** The parameters of one input. Missing ones have their default. */
export type LabelParameters = z.infer<typeof labelParametersSchema>;

/** Whether a parameter is true; undefined if it is missing. */
export function isTrue(flag: LabelParameters['details']): boolean | undefined {
  return flag === undefined ? undefined : flag === 'true' || flag === '1';
}

/** The number of the parameter `top`; undefined if it is missing. */
export function topOf({ top }: Pick<LabelParameters, 'top'>): number | undefined {
  return top === undefined ? undefined : Number(top);
}
