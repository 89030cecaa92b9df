import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LoopTurns } from '../async/loop-turns.js';
import { Pace, type PaceLimits } from './pace.js';

/** What the connections of a server may take. */
export interface ConnectionLimits {
  /** Connections open at the same time. */
  maxConnections: number;
  /** The slowest pace at which a client may take an answer. */
  answerPace: PaceLimits;
  /** Milliseconds that sending one answer may take. */
  answerTimeoutMs: number;
}

/** Requests that a connection may have sent ahead of their answers (pipelining, RFC 9112, 9.3.2). */
const MAX_UNANSWERED = 64;

/**
 * Requests with a body among them: one that is handled, and one that came before the client knew that its connection
 * ends. What has come of a body is in memory, and clients that send ahead do so with requests that have none.
 */
const MAX_UNANSWERED_BODIES = 2;

/**
 * Node handles each chunk of a chunked body by itself. A body of more chunks than this must have so many bytes a chunk on
 * average, or the chunks cost more time than anybody's upload.
 */
const MAX_SMALL_CHUNKS = 4_000;
const LEAST_BYTES_A_CHUNK = 24;

/** A connection whose client sends its request slower than this may be closed for a new one when all are in use. */
const SLOW_BYTES_PER_S = 50_000;

/** Requests that a connection may send in its life. The answer to the last one says `Connection: close`. */
const MAX_REQUESTS = 10_000;

/** The code of the `clientError` for a body in chunks that are too small. */
export const SMALL_CHUNKS = 'SMALL_CHUNKS';

/** Requests that begin to be handled in one turn of the event loop; hundreds of clients may send theirs at once. */
const REQUESTS_A_TURN = 10;

/** How often the pace of answers is looked at, in milliseconds; more often where clients may be behind for less. */
const LOOK_EVERY_MS = 1_000;

/** The answer that a connection is being sent. */
interface Answer {
  readonly begunAt: number;
  readonly pace: Pace;
  /** What the client had taken at the last look. */
  taken: number;
}

interface Connection {
  /** Requests without a whole answer, in order; the first one is being handled. */
  readonly unanswered: { request: IncomingMessage; response: ServerResponse }[];
  answer: Answer | undefined;
  /** When the request under way began, and the bytes that had come on the connection by then. */
  begun: { at: number; bytesRead: number };
}

/** What other parts of the server may know of a connection. */
export type OpenConnection = Readonly<Pick<Connection, 'unanswered'>>;

const connectionOf = new WeakMap<Duplex, Connection>();
const connectionsOf = new WeakMap<Server, ReadonlyMap<Socket, OpenConnection>>();

/** The connections that are open now; none if the server is not from `createBoundedServer`. */
export function openConnections(server: Server): ReadonlyMap<Socket, OpenConnection> {
  return connectionsOf.get(server) ?? new Map<Socket, OpenConnection>();
}

/**
 * Whether bytes written to the socket now would be read as a part of an answer: one has begun, or a request that
 * has come in whole waits for its own.
 */
export function isInterruption(socket: Duplex): boolean {
  const unanswered = connectionOf.get(socket)?.unanswered ?? [];
  return unanswered.some(
    ({ request, response }) => !response.writableEnded && (response.headersSent || request.complete),
  );
}

/**
 * Makes an HTTP server whose clients cannot take more than their bounds:
 * - Requests of one connection are handled one after the other, also when the client sends them ahead. A client
 *   that does not read its answers therefore holds one answer and no more. Past 64 unanswered requests the
 *   connection is closed.
 * - With one connection too many, the connection that has been without a request for longest is closed. If all have
 *   a request under way, the one whose client sends slowest is closed if it is slow, or else the new one.
 * - A client that takes its answer too slowly loses its connection, and so does one that sends bodies ahead.
 * - A body in thousands of tiny chunks is refused.
 *
 * `Expect: 100-continue` is left to the handler: the client gets its 100 when the handler calls `writeContinue`.
 */
export function createBoundedServer(
  handler: RequestListener,
  options: ServerOptions,
  limits: ConnectionLimits,
): Server {
  const server = createServer(options);
  const connections = new Connections(handler, limits, server);
  connectionsOf.set(server, connections.all);
  server.maxRequestsPerSocket = MAX_REQUESTS;
  server.on('request', (request, response) => connections.take(request, response));
  server.on('checkContinue', (request, response) => void server.emit('request', request, response));
  server.on('connection', (socket: Socket) => connections.open(socket));
  const everyMs = Math.min(LOOK_EVERY_MS, limits.answerPace.maxBehindMs / 4);
  const timer = setInterval(() => connections.cutSlowReaders(), everyMs).unref();
  return server.once('close', () => clearInterval(timer));
}

class Connections {
  readonly all = new Map<Socket, Connection>();
  /** Connections without a request, the one that has been so for longest first. */
  readonly #idle = new Set<Socket>();
  readonly #turns = new LoopTurns();

  constructor(
    private readonly handler: RequestListener,
    private readonly limits: ConnectionLimits,
    private readonly server: Server,
  ) {}

  open(socket: Socket): void {
    if (this.all.size >= this.limits.maxConnections && !this.#makeRoom()) {
      socket.destroy();
      return;
    }
    const connection: Connection = {
      unanswered: [],
      answer: undefined,
      begun: { at: 0, bytesRead: 0 },
    };
    connectionOf.set(socket, connection);
    this.all.set(socket, connection);
    this.#idle.add(socket);
    socket.once('close', () => this.#forget(socket));
    stopParsingWhenClosed(socket);
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const connection = this.all.get(socket);
    if (!connection || socket.destroyed) return;
    const { unanswered } = connection;
    unanswered.push({ request, response });
    const bodies = unanswered.filter((one) => hasBody(one.request)).length;
    if (hasBody(request)) this.#boundChunks(request);
    if (unanswered.length > MAX_UNANSWERED || bodies > MAX_UNANSWERED_BODIES) socket.destroy();
    else if (unanswered.length === 1) this.#handleNext(socket, connection);
  }

  cutSlowReaders(): void {
    for (const [socket, connection] of this.all) {
      const response = connection.unanswered[0]?.response;
      if (response?.headersSent && this.#isTooSlow(socket, connection)) socket.destroy();
    }
  }

  #handleNext(socket: Socket, connection: Connection): void {
    const next = connection.unanswered[0];
    if (!next) {
      // `close` ends the connections that are idle then; one that becomes idle later would keep the server open.
      if (!this.server.listening) socket.end();
      else this.#idle.add(socket);
      return;
    }
    this.#idle.delete(socket);
    connection.begun = { at: performance.now(), bytesRead: socket.bytesRead };
    next.response.once('close', () => {
      connection.unanswered.shift();
      connection.answer = undefined;
      if (this.all.has(socket)) this.#handleNext(socket, connection);
    });
    this.#turns.run(1 / REQUESTS_A_TURN, () => this.handler(next.request, next.response));
  }

  #isTooSlow(socket: Socket, connection: Connection): boolean {
    const taken = bytesTaken(socket);
    connection.answer ??= { begunAt: performance.now(), pace: new Pace(this.limits.answerPace), taken };
    const { answer } = connection;
    // The client has taken all that was written; it now waits for the server.
    if (socket.writableLength === 0) answer.pace.rest();
    else answer.pace.wait();
    answer.pace.move(taken - answer.taken);
    answer.taken = taken;
    return answer.pace.leftMs <= 0 || performance.now() - answer.begunAt > this.limits.answerTimeoutMs;
  }

  /** Closes a connection that gives way to a new one; false if none does. */
  #makeRoom(): boolean {
    const [oldest = this.#slowestSender()] = this.#idle;
    if (!oldest) return false;
    this.#forget(oldest);
    oldest.destroy();
    return true;
  }

  #slowestSender(): Socket | undefined {
    let slowest: { socket: Socket; bytesPerS: number } | undefined;
    for (const [socket, { unanswered, begun }] of this.all) {
      if (unanswered[0]?.request.complete !== false) continue;
      const seconds = (performance.now() - begun.at) / 1000;
      const bytesPerS = (socket.bytesRead - begun.bytesRead) / Math.max(1, seconds);
      if (bytesPerS < (slowest?.bytesPerS ?? SLOW_BYTES_PER_S)) slowest = { socket, bytesPerS };
    }
    return slowest?.socket;
  }

  #boundChunks(request: IncomingMessage): void {
    const { socket } = request;
    let chunks = 0;
    let bytes = 0;
    let isRefused = false;
    const push = request.push.bind(request);
    // Node's parser pushes each chunk. What reads the request sees chunks put together, and too late.
    request.push = (chunk: Buffer | null, encoding) => {
      if (isRefused) return false;
      chunks += 1;
      bytes += chunk?.length ?? 0;
      if (chunks > MAX_SMALL_CHUNKS && bytes < chunks * LEAST_BYTES_A_CHUNK) {
        const error = Object.assign(new Error('The chunks are too small.'), { code: SMALL_CHUNKS });
        isRefused = true;
        socket.once('finish', () => socket.destroy());
        if (!this.server.emit('clientError', error, socket)) socket.destroy();
        return false;
      }
      return push(chunk, encoding);
    };
  }

  #forget(socket: Socket): void {
    this.all.delete(socket);
    this.#idle.delete(socket);
  }
}

/** Whether a request says at its head that a body follows, which may still be on its way. */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The part of Node's own HTTP parser that a connection needs to stop it. */
interface RequestParser {
  /** Called with the head of each request. Gives what the parser does next. */
  onIncoming: ((request: IncomingMessage, keepAlive: boolean) => number) | null;
}

/** What Node's parser does after the head of a request that changes the protocol: it parses no further. */
const PARSE_NO_FURTHER = 2;

/**
 * Node goes on parsing what it has read of a connection that was closed meanwhile. 64 kB may hold 3,000 requests sent
 * ahead, and twenty such connections would keep the event loop for 150 ms.
 */
function stopParsingWhenClosed(socket: Socket): void {
  // Node has no public property for this.
  const { parser } = socket as Socket & { parser?: RequestParser | null };
  const onIncoming = parser?.onIncoming;
  if (!parser || !onIncoming) return;
  parser.onIncoming = (request, keepAlive) =>
    socket.destroyed ? PARSE_NO_FURTHER : onIncoming(request, keepAlive);
}

/** The part of Node's own handle of a socket that its timeouts look at too. */
interface WriteHandle {
  /** Bytes given to the handle. */
  readonly bytesWritten: number;
  /** How many of them the system has not taken yet. */
  readonly writeQueueSize: number;
}

/**
 * Bytes that the system has taken to send to the client. The handle counts parts of a piece too: `writableLength` goes
 * down only when the system has taken all of a piece, and a slow client may need minutes for a large one.
 */
function bytesTaken(socket: Socket): number {
  // Node has no public property for this.
  const { _handle: handle } = socket as Socket & { _handle?: WriteHandle | null };
  return handle ? handle.bytesWritten - handle.writeQueueSize : socket.bytesWritten - socket.writableLength;
}
