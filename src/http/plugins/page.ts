import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** GET /: the upload page and its style sheet, from a folder. */
export default fp(
  async (app: FastifyInstance, { dir }: { dir: string }) => {
    await app.register(staticFiles, { root: dir, wildcard: false });
  },
  { name: 'page' },
);
