import type { preValidationHookHandler } from 'fastify';
import { z } from 'zod';
import { AppError } from '../errors.js';
import { editDistance, nearestName } from '../math/edit-distance.js';

const flag = (description: string) =>
  z
    .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
    .optional()
    .describe(description)
    .meta({ examples: ['true'] });
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

/** The query of POST /classify and POST /inspect. In a form, the parameters may also be fields before the file. */
export const classifyQuerySchema = z.object({
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
  stream: flag(
    'Sends the answer as NDJSON while the input is read. Its last line is {"summary": …} or {"problem": …}; an answer without such a line is incomplete.',
  ),
  bom: flag(
    'Whether a CSV answer begins with a byte order mark. By default it does if the input did, for a workbook, and for a form whose file was not UTF-8.',
  ),
  llm: onOrOff('off: no line of this request is sent to the LLM. Default: on.'),
});

/** The parameters of a request. Missing ones have their default. */
export type ClassifyParameters = z.infer<typeof classifyQuerySchema>;

const NAMES = Object.keys(classifyQuerySchema.shape);

/** Whether a parameter is true; undefined if it is missing. */
export function isTrue(flag: ClassifyParameters['details']): boolean | undefined {
  return flag === undefined ? undefined : flag === 'true' || flag === '1';
}

/** Whether a form field of this name is a parameter. */
export function isParameter(name: string): boolean {
  return NAMES.includes(name);
}

/** A shorter name is never taken for a misspelt parameter: too many words are like `bom` and `llm`. */
const MIN_MISSPELT_CHARS = 5;
/** From this length on, two characters may differ; below it, one. */
const LONG_NAME_CHARS = 7;

/**
 * Refuses a form field whose name is nearly that of a parameter. Forms may have other fields, which are ignored.
 * @throws AppError `parameter_unknown` with the nearest known name
 */
export function refuseMisspeltField(name: string): void {
  if (name.length < MIN_MISSPELT_CHARS || isParameter(name)) return;
  const nearest = nearestName(name, NAMES);
  const maxEdits = name.length < LONG_NAME_CHARS ? 1 : 2;
  if (nearest === undefined || editDistance(name.toLowerCase(), nearest) > maxEdits) return;
  throw new AppError(
    'parameter_unknown',
    `The form field ${JSON.stringify(name)} is no parameter. Did you mean ${nearest}?`,
  );
}

/**
 * A hook that refuses a query with a parameter that does not exist, or that appears twice.
 * @throws AppError `parameter_unknown` with the nearest known name
 */
export const checkParameters: preValidationHookHandler = ({ query }, _reply, next) => {
  for (const [name, value] of Object.entries(query as object)) {
    if (!isParameter(name)) {
      const shown = JSON.stringify(name.slice(0, 40));
      const nearest = nearestName(name, NAMES);
      const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
      throw new AppError(
        'parameter_unknown',
        `The parameter ${shown} does not exist.${hint} The parameters are ${NAMES.join(', ')}.`,
      );
    }
    if (Array.isArray(value)) {
      throw new AppError('request_invalid', `The parameter ${name} appears more than once. Send it once.`);
    }
  }
  next();
};

/**
 * Returns the parameters of a request. A form field replaces the parameter of the same name in the query.
 * @throws AppError `request_invalid` that names the invalid field and its rule
 */
export function mergeParameters(
  query: ClassifyParameters,
  fields: Readonly<Record<string, string>>,
): ClassifyParameters {
  // An empty field of a form is one that was not filled in.
  const filled = Object.entries(fields).filter(([, value]) => value !== '');
  const parsed = classifyQuerySchema.safeParse(Object.fromEntries(filled));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError(
      'request_invalid',
      `The form field ${String(issue?.path[0])} ${issue?.message ?? 'is invalid'}.`,
    );
  }
  return { ...query, ...parsed.data };
}
