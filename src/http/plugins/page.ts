import staticFiles from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { setOwnerCookie } from '../owner-cookie.js';

/** Serves the files of a folder: GET / is the upload page. It sets the cookie by which a browser finds its jobs. */
export default fp(
  async (app: FastifyInstance, { dir, setsOwner }: { dir: string; setsOwner: boolean }) => {
    if (setsOwner)
      app.addHook('onRequest', (request, reply, done) => {
        if (request.url === '/' || request.url.startsWith('/?')) setOwnerCookie(request, reply);
        done();
      });
    await app.register(staticFiles, { root: dir, wildcard: false });
  },
  { name: 'page' },
);
