import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { LoopTurns } from '../async/loop-turns.js';
import { RateMonitor, type MinimumRate } from './rate-monitor.js';

/** Limits on the connections of a server. */
export interface ConnectionLimits {
  /** Connections open at the same time. */
  maxConnections: number;
  /** The minimum rate at which a client must read an answer. */
  answerRate: MinimumRate;
  /** Time limit for sending one answer, in milliseconds. */
  answerTimeoutMs: number;
}

/** Maximum number of requests that a connection may send before their answers (pipelining, RFC 9112, 9.3.2). */
const MAX_UNANSWERED = 64;

/**
 * How many of them may have a body: the request being handled, and one that the client sent before it saw
 * `Connection: close`. Node holds the received part of each body in memory. Clients pipeline requests without a body only.
 */
const MAX_UNANSWERED_BODIES = 2;

/**
 * Node handles the chunks of a chunked body one by one, and tiny chunks cost more time than the largest upload. A body with
 * more chunks than this must therefore average at least MIN_BYTES_PER_CHUNK.
 */
const MAX_SMALL_CHUNKS = 4_000;
const MIN_BYTES_PER_CHUNK = 24;

/** If all connections are in use, one that sends its request below this rate may be closed for a new one. */
const SLOW_BYTES_PER_S = 50_000;

/** Maximum number of requests of one connection. The answer to the last one has `Connection: close`. */
const MAX_REQUESTS = 10_000;

/** The code of the `clientError` for a body whose chunks are too small. */
export const SMALL_CHUNKS = 'SMALL_CHUNKS';

/** How many requests start per turn of the event loop. Hundreds of clients may send requests at the same moment. */
const REQUESTS_PER_TURN = 5;

/** Longest time between two checks of the answer rates. A small `maxBehindMs` shortens it. */
const CHECK_EVERY_MS = 1_000;

/** The answer that is being sent on a connection. */
interface CurrentAnswer {
  readonly startedAt: number;
  readonly rate: RateMonitor;
  /** Bytes that the client had taken at the last check. */
  bytesTaken: number;
}

interface Connection {
  /** Requests whose answer is not complete, in order. The first one is being handled. */
  readonly unanswered: { request: IncomingMessage; response: ServerResponse }[];
  answer: CurrentAnswer | undefined;
  /** When the current request started, and how many bytes the connection had received by then. */
  started: { at: number; bytesRead: number };
}

/** The public part of a connection. */
export type OpenConnection = Readonly<Pick<Connection, 'unanswered'>>;

const connectionOf = new WeakMap<Duplex, Connection>();
const connectionsOf = new WeakMap<Server, ReadonlyMap<Socket, OpenConnection>>();

/** Returns the open connections of a server made by `createBoundedServer`; of any other server, none. */
export function openConnections(server: Server): ReadonlyMap<Socket, OpenConnection> {
  return connectionsOf.get(server) ?? new Map<Socket, OpenConnection>();
}

/**
 * Whether bytes written to the socket now would look like a part of another answer: an answer has started, or a complete
 * request still waits for one.
 */
export function wouldCorruptAnswer(socket: Duplex): boolean {
  const unanswered = connectionOf.get(socket)?.unanswered ?? [];
  return unanswered.some(
    ({ request, response }) => !response.writableEnded && (response.headersSent || request.complete),
  );
}

/**
 * Creates an HTTP server that bounds what its clients can use:
 * - Requests of one connection are handled one at a time, even if they are pipelined. A client that does not read its
 *   answers therefore holds only one answer.
 * - A connection with more than 64 unanswered requests is closed. So is one that pipelines requests with bodies.
 * - One connection above the maximum closes the connection that has been idle for longest. If none is idle, it closes the
 *   slowest sender if that is slow enough, and otherwise the new connection.
 * - A client that reads its answer too slowly loses its connection.
 * - A body in thousands of tiny chunks is refused.
 *
 * The handler decides about `Expect: 100-continue`: the client gets its 100 when the handler calls `writeContinue`.
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
  server.on('request', (request, response) => connections.addRequest(request, response));
  server.on('checkContinue', (request, response) => void server.emit('request', request, response));
  server.on('connection', (socket: Socket) => connections.add(socket));
  const everyMs = Math.min(CHECK_EVERY_MS, limits.answerRate.maxBehindMs / 4);
  const timer = setInterval(() => connections.closeSlowReaders(), everyMs).unref();
  return server.once('close', () => clearInterval(timer));
}

class Connections {
  readonly all = new Map<Socket, Connection>();
  /** Connections without a request, longest idle first. */
  readonly #idle = new Set<Socket>();
  readonly #turns = new LoopTurns();

  constructor(
    private readonly handler: RequestListener,
    private readonly limits: ConnectionLimits,
    private readonly server: Server,
  ) {}

  add(socket: Socket): void {
    if (this.all.size >= this.limits.maxConnections && !this.#makeRoom()) {
      socket.destroy();
      return;
    }
    const connection: Connection = {
      unanswered: [],
      answer: undefined,
      started: { at: 0, bytesRead: 0 },
    };
    connectionOf.set(socket, connection);
    this.all.set(socket, connection);
    this.#idle.add(socket);
    socket.once('close', () => this.#forget(socket));
    stopParsingWhenClosed(socket);
  }

  addRequest(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const connection = this.all.get(socket);
    if (!connection || socket.destroyed) return;
    const { unanswered } = connection;
    unanswered.push({ request, response });
    const bodies = unanswered.filter((one) => hasBody(one.request)).length;
    if (hasBody(request)) this.#limitChunks(request);
    if (unanswered.length > MAX_UNANSWERED || bodies > MAX_UNANSWERED_BODIES) socket.destroy();
    else if (unanswered.length === 1) this.#handleNext(socket, connection);
  }

  closeSlowReaders(): void {
    for (const [socket, connection] of this.all) {
      const response = connection.unanswered[0]?.response;
      if (response?.headersSent && this.#isTooSlow(socket, connection)) socket.destroy();
    }
  }

  #handleNext(socket: Socket, connection: Connection): void {
    const next = connection.unanswered[0];
    if (!next) {
      // `server.close` ends only connections that are idle at that moment. This one would keep the server open.
      if (!this.server.listening) socket.end();
      else this.#idle.add(socket);
      return;
    }
    this.#idle.delete(socket);
    connection.started = { at: performance.now(), bytesRead: socket.bytesRead };
    next.response.once('close', () => {
      connection.unanswered.shift();
      connection.answer = undefined;
      if (this.all.has(socket)) this.#handleNext(socket, connection);
    });
    this.#turns.run(1 / REQUESTS_PER_TURN, () => this.handler(next.request, next.response));
  }

  #isTooSlow(socket: Socket, connection: Connection): boolean {
    const taken = bytesTaken(socket);
    connection.answer ??= {
      startedAt: performance.now(),
      rate: new RateMonitor(this.limits.answerRate),
      bytesTaken: taken,
    };
    const { answer } = connection;
    const { rate, startedAt } = answer;
    // With nothing left to send, the client waits for the server.
    if (socket.writableLength === 0) rate.pause();
    else rate.resume();
    rate.count(taken - answer.bytesTaken);
    answer.bytesTaken = taken;
    return rate.remainingMs <= 0 || performance.now() - startedAt > this.limits.answerTimeoutMs;
  }

  /** Closes a connection in favour of a new one. Returns false if every connection must stay. */
  #makeRoom(): boolean {
    const [victim = this.#slowestSender()] = this.#idle;
    if (!victim) return false;
    this.#forget(victim);
    victim.destroy();
    return true;
  }

  #slowestSender(): Socket | undefined {
    let slowest: { socket: Socket; bytesPerS: number } | undefined;
    for (const [socket, { unanswered, started }] of this.all) {
      if (unanswered[0]?.request.complete !== false) continue;
      const seconds = (performance.now() - started.at) / 1000;
      const bytesPerS = (socket.bytesRead - started.bytesRead) / Math.max(1, seconds);
      if (bytesPerS < (slowest?.bytesPerS ?? SLOW_BYTES_PER_S)) slowest = { socket, bytesPerS };
    }
    return slowest?.socket;
  }

  #limitChunks(request: IncomingMessage): void {
    const { socket } = request;
    let chunks = 0;
    let bytes = 0;
    let isRefused = false;
    const push = request.push.bind(request);
    // Node's parser pushes each chunk. Readers of the request see chunks joined, and later.
    request.push = (chunk: Buffer | null, encoding) => {
      if (isRefused) return false;
      chunks += 1;
      bytes += chunk?.length ?? 0;
      if (chunks > MAX_SMALL_CHUNKS && bytes < chunks * MIN_BYTES_PER_CHUNK) {
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

/** Whether the headers of a request announce a body. It may not have arrived yet. */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The part of Node's internal HTTP parser that is needed to stop it. */
interface RequestParser {
  /** Called after the headers of each request. The result controls how the parser continues. */
  onIncoming: ((request: IncomingMessage, keepAlive: boolean) => number) | null;
}

/** Makes Node's parser stop, as it does after a request that upgrades the protocol. */
const STOP_PARSING = 2;

/**
 * Stops the parser when the connection is closed. Node would parse all bytes already read: 64 kB can contain 3,000
 * pipelined requests, and 20 such connections would block the event loop for 150 ms.
 */
function stopParsingWhenClosed(socket: Socket): void {
  // Node has no public property for this.
  const { parser } = socket as Socket & { parser?: RequestParser | null };
  const onIncoming = parser?.onIncoming;
  if (!parser || !onIncoming) return;
  parser.onIncoming = (request, keepAlive) =>
    socket.destroyed ? STOP_PARSING : onIncoming(request, keepAlive);
}

/** The part of a socket's internal handle that Node's own timeouts use too. */
interface WriteHandle {
  /** Bytes passed to the handle. */
  readonly bytesWritten: number;
  /** How many of them the operating system has not accepted yet. */
  readonly writeQueueSize: number;
}

/**
 * Returns how many bytes the operating system has accepted for the client. `writableLength` would be too coarse: it
 * shrinks only after a complete chunk, and a slow client may need minutes for a large one.
 */
function bytesTaken(socket: Socket): number {
  // Node has no public property for this.
  const { _handle: handle } = socket as Socket & { _handle?: WriteHandle | null };
  return handle ? handle.bytesWritten - handle.writeQueueSize : socket.bytesWritten - socket.writableLength;
}
