import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/** Serves the files of a folder: GET / is the upload page. */
export default fp(
  async (app: FastifyInstance, { dir }: { dir: string }) => {
    await app.register(staticFiles, { root: dir, wildcard: false });
  },
  { name: 'page' },
);
