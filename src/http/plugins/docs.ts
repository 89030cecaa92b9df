import { STATUS_CODES } from 'node:http';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { version } from '../../config.js';
import { PreparedAnswer } from '../prepared-answer.js';

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

/** Says in which media type each answer comes: problems have their own, the good one may have several. */
function withMediaTypes(responses: Responses, answers: Record<string, object>): object {
  return Object.fromEntries(
    Object.entries(responses).map(([status, { description, ...schema }]) => {
      const types =
        Number(status) >= 400
          ? { 'application/problem+json': schema }
          : { ...answers, 'application/json': schema };
      return [status, { description: description ?? STATUS_CODES[status], content: inContent(types) }];
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
        if (schema.response) schema.response = withMediaTypes(schema.response as Responses, answers);
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
