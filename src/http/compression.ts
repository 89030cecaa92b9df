import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import { pipeline, Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

/** A shorter answer is sent as it is: compressing it saves nothing. */
const LEAST_BYTES = 4096;

/** Low levels: labelled logs shrink to a tenth with them, and higher levels take several times longer. */
const compressors = {
  gzip: () => createGzip({ level: 3 }),
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
} as const;

/**
 * Returns the answer in a compression that the client accepts, and sets the headers for it.
 * @param bytes the length of the answer
 */
export function compressFor(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Buffer | Readable,
  bytes: number,
): Buffer | Readable {
  reply.header('vary', 'accept, accept-encoding');
  const [encoding] = new Negotiator(request.raw).encodings(['gzip', 'br', 'identity']);
  if (bytes < LEAST_BYTES || (encoding !== 'gzip' && encoding !== 'br')) {
    reply.header('content-length', bytes);
    return answer;
  }
  reply.header('content-encoding', encoding);
  const source = Buffer.isBuffer(answer) ? Readable.from([answer]) : answer;
  // On failure `pipeline` destroys both streams. Fastify notices that the compressed one is destroyed.
  return pipeline(source, compressors[encoding](), () => undefined);
}
