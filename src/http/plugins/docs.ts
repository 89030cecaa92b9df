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
    /** JSON schemas of the bodies that the route takes, by media type, for the API's description. */
    bodies?: Record<string, object>;
    /** JSON schemas of its answers in other media types than JSON. */
    answers?: Record<string, object>;
  }
}

/** The page of the documentation sets styles on its elements, which the policy of everything else forbids. */
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

/** Media types of the good answer beside JSON, and headers of it beside those of every answer. */
interface GoodAnswer {
  answers: Record<string, object>;
  headers: Record<string, object>;
}

/** Any route may answer with a problem that its schema does not list, such as 421 for an unknown host. */
const ANY_PROBLEM = { ...z.toJSONSchema(problemSchema), description: 'Any other problem' };

/** Says in which media type each answer comes, and which headers it has. Problems have a media type of their own. */
function describeResponses(responses: Responses, good: GoodAnswer): object {
  const all: Responses = { ...responses, default: ANY_PROBLEM };
  return Object.fromEntries(
    Object.entries(all).map(([status, { description, ...schema }]) => {
      const isGood = Number(status) < 400;
      const types = isGood
        ? { ...good.answers, 'application/json': schema }
        : { 'application/problem+json': schema };
      return [
        status,
        {
          description: description ?? STATUS_CODES[status],
          headers: { ...everyAnswersHeaders, ...(isGood ? good.headers : {}) },
          content: inContent(types),
        },
      ];
    }),
  );
}

/** GET /openapi.json and /docs, made from the schemas of the routes. Before all routes. */
export default fp(
  async (app: FastifyInstance) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Log classifier',
          description: 'Labels log lines: a CSV with source and log_message comes back with target_label.',
          version,
        },
      },
      transform: (route) => {
        const transformed = jsonSchemaTransform(route);
        const { bodies, answers = {} } = route.route.config ?? {};
        const schema: Schema = { ...transformed.schema };
        // The type provider's transform fails on a body of several media types: ours is put in after it.
        if (bodies) schema.body = { content: inContent(bodies) };
        const headers =
          Array.isArray(schema.tags) && schema.tags.includes('classify') ? labelledAnswersHeaders : {};
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
      // The plugin would serialise the description for every request.
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
    // Only now are all routes known.
    app.addHook('onReady', (done) => {
      const json = new PreparedAnswer(JSON.stringify(app.swagger()), 'application/json; charset=utf-8');
      descriptions.set('/openapi.json', json).set('/docs/json', json);
      descriptions.set('/docs/yaml', new PreparedAnswer(app.swagger({ yaml: true }), 'application/x-yaml'));
      done();
    });
  },
  { name: 'docs' },
);
