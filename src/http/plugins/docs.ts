import { STATUS_CODES } from 'node:http';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { version } from '../../config.js';
import { PreparedAnswer } from '../prepared-answer.js';
import { everyAnswersHeaders, labelledAnswersHeaders } from '../schemas/headers.js';
import { problemSchema } from '../schemas/problem.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** JSON schemas of the request bodies by media type, for the OpenAPI description. */
    bodies?: Record<string, object>;
    /** JSON schemas of successful answers by media type, JSON excepted. */
    answers?: Record<string, object>;
  }
}

/** Content security policy of /docs. Unlike all other pages, Swagger UI needs inline styles. */
const UI_POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'form-action': ["'self'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
};

const UI_THEME = {
  title: 'Log classifier API',
  css: [{ filename: 'theme.css', content: '.swagger-ui .topbar { display: none; }' }],
};

type Schema = Record<string, unknown>;
type Responses = Record<string, { description?: string } & object>;

const inContent = (schemas: Record<string, object>): object =>
  Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema }]));

/** Additions to the description of a successful answer: media types besides JSON, and headers. */
interface SuccessExtras {
  answers: Record<string, object>;
  headers: Record<string, object>;
}

/** Returns the headers of the successful answers of a route, besides those of every answer. */
function headersOf(url: string): Record<string, object> {
  if (url.startsWith('/classify')) return labelledAnswersHeaders;
  const version = 'X-Classifier-Version';
  return url === '/explain' ? { [version]: labelledAnswersHeaders[version] } : {};
}

/** Describes problems that the schema of a route does not list, such as 421 for an unknown host. */
const ANY_PROBLEM = { ...z.toJSONSchema(problemSchema), description: 'Any other problem' };

/** Adds media types and headers to the responses. Statuses from 400 are problems and have their own media type. */
function describeResponses(responses: Responses, extras: SuccessExtras): object {
  const all: Responses = { ...responses, default: ANY_PROBLEM };
  return Object.fromEntries(
    Object.entries(all).map(([status, { description, ...schema }]) => {
      const isSuccess = Number(status) < 400;
      const types = isSuccess
        ? { ...extras.answers, 'application/json': schema }
        : { 'application/problem+json': schema };
      return [
        status,
        {
          description: description ?? STATUS_CODES[status],
          headers: { ...everyAnswersHeaders, ...(isSuccess ? extras.headers : {}) },
          content: inContent(types),
        },
      ];
    }),
  );
}

/** Serves /openapi.json and /docs, generated from the schemas of the routes. Register it before the routes. */
export default fp(
  async (app: FastifyInstance) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Log classifier',
          description:
            'Labels log lines of many systems. It takes tables, plain lines, JSON and workbooks, and adds target_label.',
          version,
        },
      },
      transform: (route) => {
        const transformed = jsonSchemaTransform(route);
        const { bodies, answers = {} } = route.route.config ?? {};
        const schema: Schema = { ...transformed.schema };
        // Added after the type provider's transform, which fails on a body with several media types.
        if (bodies) schema.body = { content: inContent(bodies) };
        const headers = headersOf(route.url);
        if (schema.response) {
          schema.response = describeResponses(schema.response as Responses, { answers, headers });
        }
        return { ...transformed, schema };
      },
    });
    const descriptions = new Map<string, PreparedAnswer>();
    const descriptionFor = (request: FastifyRequest): PreparedAnswer | undefined =>
      descriptions.get(request.routeOptions.url ?? '');
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: UI_POLICY,
      theme: UI_THEME,
      // Without this hook the plugin serialises the description for every request.
      uiHooks: {
        preHandler: (request, reply, next) => {
          const description = descriptionFor(request);
          if (description) description.send(request, reply);
          else next();
        },
      },
    });
    app.get('/openapi.json', { schema: { hide: true } }, (request, reply) =>
      descriptionFor(request)?.send(request, reply),
    );
    // When all routes have been registered.
    app.addHook('onReady', (done) => {
      const json = new PreparedAnswer(JSON.stringify(app.swagger()), 'application/json; charset=utf-8');
      descriptions.set('/openapi.json', json).set('/docs/json', json);
      descriptions.set('/docs/yaml', new PreparedAnswer(app.swagger({ yaml: true }), 'application/x-yaml'));
      done();
    });
  },
  { name: 'docs' },
);
