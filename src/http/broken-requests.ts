import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '../errors.js';
import { answerHeaders } from './answer-headers.js';
import { wouldCorruptAnswer, SMALL_CHUNKS } from './connections.js';
import { PROBLEM_TYPE, toProblem } from './problem.js';

/**
 * Answers a request that is not valid HTTP or timed out; Fastify has no reply object for it. The connection is closed without
 * an answer where the client would take it for the answer to an earlier request.
 */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || wouldCorruptAnswer(socket)) {
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
      return new AppError(
        'upload_timeout',
        'The request was not complete within the time limit. Send it again.',
      );
    case 'HPE_HEADER_OVERFLOW':
      return new AppError(
        'headers_too_large',
        'The headers of the request are too large. Send fewer or shorter ones.',
      );
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new AppError(
        'upload_too_large',
        'The chunk extensions of the body are too large. Send chunks without extensions.',
      );
    case SMALL_CHUNKS:
      return new AppError('request_invalid', 'The body is sent in very small chunks. Send larger chunks.');
    default:
      return new AppError('request_invalid', 'The request is not well-formed HTTP.');
  }
}
