import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** Returns the methods of a path, sorted; empty for an unknown path. */
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
    app.decorate('methodsOf', (path: string) => {
      // A route without parameters precedes one with parameters, as in the router.
      const route = methods.has(path) ? path : [...methods.keys()].find((url) => fits(path, url));
      return [...(methods.get(route ?? '') ?? [])].sort();
    });
  },
  { name: 'known-routes' },
);

/** Whether a path is one of a route with parameters, such as `/jobs/:id`. */
function fits(path: string, route: string): boolean {
  const [wanted, given] = [route.split('/'), path.split('/')];
  if (!route.includes(':') || wanted.length !== given.length) return false;
  return wanted.every((part, index) => (part.startsWith(':') ? given[index] !== '' : part === given[index]));
}
