import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** Returns the methods of a path without parameters, sorted; empty for an unknown path. */
    methodsOf(path: string): string[];
  }
}

/** Records the methods of each path, for 405 instead of Fastify's 404. Register it before the routes. */
export default fp(
  (app: FastifyInstance) => {
    const methods = new Map<string, Set<string>>();
    app.addHook('onRoute', ({ url, method }) => {
      const known = methods.get(url) ?? new Set();
      methods.set(url, known);
      for (const name of [method].flat()) known.add(name);
    });
    app.decorate('methodsOf', (path: string) => [...(methods.get(path) ?? [])].sort());
  },
  { name: 'known-routes' },
);
