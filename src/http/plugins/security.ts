import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';

/**
 * Headers that keep a browser from doing more than the page needs: nothing from elsewhere, no framing, no
 * guessing of types. What belongs to TLS is left to the proxy that speaks it: this server speaks plain HTTP.
 */
export default fp(
  async (app: FastifyInstance) => {
    await app.register(helmet, {
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          scriptSrc: ["'self'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
          formAction: ["'self'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
    });
  },
  { name: 'security' },
);
