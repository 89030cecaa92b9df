import { STATUS_CODES } from 'node:http';
import type { RouteOptions } from 'fastify';
import type { z } from 'zod';
import type { HeaderName } from '../schemas/headers.js';
import { problemSchema } from '../schemas/problem.js';
import { problemExample } from './problem-examples.js';
import type { Direction, JsonObject, NamedSchemas, RouteSchema } from './named-schemas.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Schemas of the request's body by media type. Fastify's own schemas cover JSON only. */
    bodies?: Record<string, RouteSchema>;
    /** Schemas of successful answers by media type, besides the JSON of `schema.response`. */
    answers?: Record<string, RouteSchema>;
    /** Headers that successful answers have, besides X-Request-Id. */
    answerHeaders?: readonly HeaderName[];
  }
}

const PROBLEM = 'application/problem+json';

const isProblem = (status: string): boolean => !(Number(status) < 400);

/**
 * Returns the OpenAPI operation of a route, from its `schema` and `config`.
 * @param schemas converts the schemas and collects those with a name
 */
export function describeOperation(
  { config = {}, schema = {} }: Pick<RouteOptions, 'config' | 'schema'>,
  schemas: NamedSchemas,
): JsonObject {
  const { operationId, tags, summary, description, querystring, params, headers, response } = schema;
  const parameters = [
    ...parametersOf('path', params, schemas),
    ...parametersOf('query', querystring, schemas),
    ...parametersOf('header', headers, schemas),
  ];
  return {
    operationId,
    tags,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(config.bodies
      ? { requestBody: { required: true, content: contentOf(config.bodies, 'input', schemas) } }
      : {}),
    responses: responsesOf((response ?? {}) as Record<string, z.ZodType>, config, schemas),
  };
}

/**
 * Describes the fields of an object as parameters. Their examples stay in the schema: Swagger UI would fill in an example of
 * the parameter itself, and send it with each request that a person tries out.
 */
function parametersOf(place: 'path' | 'query' | 'header', object: unknown, schemas: NamedSchemas): object[] {
  if (object === undefined) return [];
  const { properties = {}, required = [] } = schemas.toJson(object as z.ZodType, 'input') as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: required.includes(name),
    description,
    schema,
  }));
}

function responsesOf(
  responses: Record<string, z.ZodType>,
  {
    answers = {},
    answerHeaders = [],
  }: Pick<NonNullable<RouteOptions['config']>, 'answers' | 'answerHeaders'>,
  schemas: NamedSchemas,
): object {
  const hasSuccess = Object.keys(responses).some((status) => !isProblem(status));
  const successes = hasSuccess ? [] : ['200'];
  const statuses = [...successes, ...Object.keys(responses), 'default'];
  return Object.fromEntries(
    statuses.map((status) => {
      const own = responses[status];
      if (isProblem(status)) return [status, problemResponse(status, schemas)];
      const content = { ...(own && status !== '204' ? { 'application/json': own } : {}), ...answers };
      return [
        status,
        {
          description: STATUS_CODES[status],
          headers: headersOf(['X-Request-Id', ...answerHeaders]),
          ...(Object.keys(content).length === 0 ? {} : { content: contentOf(content, 'output', schemas) }),
        },
      ];
    }),
  );
}

/** Describes a problem. `default` covers those that no route lists, such as 421 for an unknown host. */
function problemResponse(status: string, schemas: NamedSchemas): object {
  return {
    description: STATUS_CODES[status] ?? 'Any other problem',
    // The error handler sends Retry-After with every 503.
    headers: headersOf(['X-Request-Id', ...(status === '503' ? (['Retry-After'] as const) : [])]),
    content: {
      [PROBLEM]: { schema: schemas.toJson(problemSchema, 'output'), example: problemExample(status) },
    },
  };
}

function headersOf(names: readonly HeaderName[]): object {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

function contentOf(
  byMediaType: Record<string, RouteSchema>,
  direction: Direction,
  schemas: NamedSchemas,
): object {
  return Object.fromEntries(
    Object.entries(byMediaType).map(([type, schema]) => [
      type,
      withExamples(schemas.toJson(schema, direction)),
    ]),
  );
}

/** Moves the examples of a schema beside it: one as `example`, several as `examples` with a name each. */
function withExamples({ examples, ...schema }: JsonObject): object {
  if (!Array.isArray(examples)) return { schema };
  const values: unknown[] = examples;
  if (values.length === 1) return { schema, example: values[0] };
  return {
    schema,
    examples: Object.fromEntries(values.map((value, i) => [`example${i + 1}`, { value }])),
  };
}
