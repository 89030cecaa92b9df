import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '../errors.js';
import { answerHeaders } from './answer-headers.js';
import { isInterruption, SMALL_CHUNKS } from './connections.js';
import { PROBLEM_TYPE, toProblem } from './problem.js';

/**
 * Answers a request that was no HTTP, or did not come in time: Fastify has no reply for it. Where the client would
 * take this for the answer to another request, the connection is cut instead.
 */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isInterruption(socket)) {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  const problem = toProblem(toAppError(error.code), requestId);
  const body = JSON.stringify(problem);
  const headers = {
    ...answerHeaders(requestId),
    'content-type': PROBLEM_TYPE,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`;
  socket.end(`${[status, ...lines].join('\r\n')}\r\n\r\n${body}`);
}

function toAppError(code: string | undefined): AppError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new AppError('upload_timeout', 'The request did not come to its end in time.');
    case 'HPE_HEADER_OVERFLOW':
      return new AppError('headers_too_large', 'The headers are too large.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new AppError('upload_too_large', 'The chunk extensions of the body are too large.');
    case SMALL_CHUNKS:
      return new AppError('request_invalid', 'The body comes in very small chunks. Send it in larger ones.');
    default:
      return new AppError('request_invalid', 'This is not a well-formed HTTP request.');
  }
}
