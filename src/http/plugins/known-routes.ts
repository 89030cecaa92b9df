import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods that a path without parameters takes, sorted; empty for a path that is not there. */
    methodsOf(path: string): string[];
  }
}

/** Remembers which paths take which methods: Fastify answers a wrong method with 404. Before all routes. */
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
