import swagger, { type SwaggerTransform, type SwaggerTransformObject } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { docsPagePlugins } from '../openapi/docs-page-plugins.js';
import { documentStart, usedHeaders } from '../openapi/document.js';
import { NamedSchemas } from '../openapi/named-schemas.js';
import { describeOperation } from '../openapi/operation.js';
import { docsPage } from '../pages/docs-page.js';
import { PreparedAnswer } from '../prepared-answer.js';

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

/** Carries our description of an operation through the plugin, which would not understand media types, headers and names. */
const OPERATION = 'x-operation';

type Operations = Record<string, Record<string, Record<string, object>>>;

/** Returns functions that describe each route, and then the API of all routes. */
function describer(): { transform: SwaggerTransform; transformObject: SwaggerTransformObject } {
  const schemas = new NamedSchemas();
  return {
    transform: ({ route, url }) => {
      const { schema } = route;
      if (schema === undefined || schema.hide === true) return { schema: { hide: true }, url };
      return { schema: { [OPERATION]: describeOperation(route, schemas) }, url };
    },
    transformObject: (document) => {
      const { paths: found = {} } = 'openapiObject' in document ? document.openapiObject : {};
      const paths = mapValues(found as Operations, (methods) =>
        mapValues(methods, (operation) => operation[OPERATION] ?? operation),
      );
      return {
        ...documentStart,
        paths,
        components: { schemas: schemas.components(), headers: usedHeaders(paths) },
      };
    },
  };
}

function mapValues<In, Out>(object: Record<string, In>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

/** Serves /openapi.json and /docs, generated from the schemas of the routes. Register it before the routes. */
export default fp(
  async (app: FastifyInstance) => {
    await app.register(swagger, { openapi: { openapi: documentStart.openapi }, ...describer() });
    const page = new PreparedAnswer(docsPage(), 'text/html; charset=utf-8');
    const prepared = new Map([
      ['/docs', page],
      ['/docs/', page],
    ]);
    const preparedFor = (request: FastifyRequest): PreparedAnswer | undefined =>
      prepared.get(request.routeOptions.url ?? '');
    await app.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: UI_POLICY,
      uiConfig: { plugins: docsPagePlugins },
      // Our page takes the place of the plugin's. The description is not serialised again for every request.
      uiHooks: {
        preHandler: (request, reply, next) => {
          const answer = preparedFor(request);
          if (answer) answer.send(request, reply);
          else next();
        },
      },
    });
    app.get('/openapi.json', { schema: { hide: true } }, (request, reply) =>
      preparedFor(request)?.send(request, reply),
    );
    // When all routes have been registered.
    app.addHook('onReady', (done) => {
      const json = new PreparedAnswer(JSON.stringify(app.swagger()), 'application/json; charset=utf-8');
      prepared.set('/openapi.json', json).set('/docs/json', json);
      prepared.set('/docs/yaml', new PreparedAnswer(app.swagger({ yaml: true }), 'application/x-yaml'));
      done();
    });
  },
  { name: 'docs' },
);
