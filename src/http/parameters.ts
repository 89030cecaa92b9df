import type { preValidationHookHandler } from 'fastify';
import { AppError } from '../errors.js';
import { labelParametersSchema, type LabelParameters } from '../pipeline/label-parameters.js';
import { editDistance, nearestName } from '../math/edit-distance.js';

const NAMES = Object.keys(labelParametersSchema.shape);

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
 * Returns a hook that refuses a query with a parameter that does not exist, or that appears twice.
 * @param schema the parameters of the route
 * @param repeatable those that may appear more than once
 * @throws AppError `parameter_unknown` with the nearest known name
 */
export function checkParametersOf(
  schema: { shape: object },
  repeatable: readonly string[] = [],
): preValidationHookHandler {
  const names = Object.keys(schema.shape);
  return ({ query }, _reply, next) => {
    for (const [name, value] of Object.entries(query as object)) {
      if (!names.includes(name)) {
        const shown = JSON.stringify(name.slice(0, 40));
        const nearest = nearestName(name, names);
        const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
        const known = names.length === 0 ? 'There are none.' : `The parameters are ${names.join(', ')}.`;
        throw new AppError('parameter_unknown', `The parameter ${shown} does not exist.${hint} ${known}`);
      }
      if (Array.isArray(value) && !repeatable.includes(name)) {
        throw new AppError('request_invalid', `The parameter ${name} appears more than once. Send it once.`);
      }
    }
    next();
  };
}

/** Refuses a query that POST /classify does not know. */
export const checkParameters = checkParametersOf(labelParametersSchema);

/**
 * Returns the parameters of a request. A form field replaces the parameter of the same name in the query.
 * @throws AppError `request_invalid` that names the invalid field and its rule
 */
export function mergeParameters(
  query: LabelParameters,
  fields: Readonly<Record<string, string>>,
): LabelParameters {
  // An empty field of a form is one that was not filled in.
  const filled = Object.entries(fields).filter(([, value]) => value !== '');
  const parsed = labelParametersSchema.safeParse(Object.fromEntries(filled));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AppError(
      'request_invalid',
      `The form field ${String(issue?.path[0])} ${issue?.message ?? 'is invalid'}.`,
    );
  }
  return { ...query, ...parsed.data };
}
