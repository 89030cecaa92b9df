import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
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

/** Requests that a connection may send in its life. The answer to the last one says `Connection: close`. */
const MAX_REQUESTS = 10_000;

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
  /** Whether a request ever came. */
  isUsed: boolean;
  /** Requests without a whole answer, in order; the first one is being handled. */
  readonly unanswered: { request: IncomingMessage; response: ServerResponse }[];
  answer: Answer | undefined;
}

/** What other parts of the server may know of a connection. */
export type OpenConnection = Readonly<Pick<Connection, 'isUsed' | 'unanswered'>>;

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
 *   a request under way, the new one is closed.
 * - A client that takes its answer too slowly loses its connection.
 *
 * `Expect: 100-continue` is left to the handler: the client gets its 100 when the handler calls `writeContinue`.
 */
export function createBoundedServer(
  handler: RequestListener,
  options: ServerOptions,
  limits: ConnectionLimits,
): Server {
  const server = createServer(options);
  const connections = new Connections(handler, limits, () => !server.listening);
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

  constructor(
    private readonly handler: RequestListener,
    private readonly limits: ConnectionLimits,
    private readonly isClosing: () => boolean,
  ) {}

  open(socket: Socket): void {
    if (this.all.size >= this.limits.maxConnections && !this.#closeIdle()) {
      socket.destroy();
      return;
    }
    const connection: Connection = { isUsed: false, unanswered: [], answer: undefined };
    connectionOf.set(socket, connection);
    this.all.set(socket, connection);
    this.#idle.add(socket);
    socket.once('close', () => this.#forget(socket));
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const connection = this.all.get(socket);
    // Node goes on parsing what it has read when the connection is closed meanwhile.
    if (!connection || socket.destroyed) return;
    connection.isUsed = true;
    connection.unanswered.push({ request, response });
    if (connection.unanswered.length > MAX_UNANSWERED) socket.destroy();
    else if (connection.unanswered.length === 1) this.#handleNext(socket, connection);
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
      if (this.isClosing()) socket.end();
      else this.#idle.add(socket);
      return;
    }
    this.#idle.delete(socket);
    next.response.once('close', () => {
      connection.unanswered.shift();
      connection.answer = undefined;
      if (this.all.has(socket)) this.#handleNext(socket, connection);
    });
    this.handler(next.request, next.response);
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

  #closeIdle(): boolean {
    const [oldest] = this.#idle;
    if (!oldest) return false;
    this.#forget(oldest);
    oldest.destroy();
    return true;
  }

  #forget(socket: Socket): void {
    this.all.delete(socket);
    this.#idle.delete(socket);
  }
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
