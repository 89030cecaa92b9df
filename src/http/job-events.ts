import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors.js';
import { isFinished } from '../jobs/job.js';
import type { Jobs } from '../jobs/jobs.js';
import { toJobJson, type JobJson } from './schemas/jobs.js';

/** Proxies close connections that are silent for a minute. */
const HEARTBEAT_MS = 15_000;

/** A job changes after each chunk. Clients hear of it this often. */
const LEAST_INTERVAL_MS = 250;

/** While this many bytes wait for a slow client, it gets no new state. The next one it gets has all changes. */
const MAX_WAITING_BYTES = 64 * 1024;

/** Event streams that are open at the same time. Each holds a connection. */
const MAX_STREAMS = 200;

/**
 * Sends the state of jobs as server-sent events. Each event `job` has the complete state, so a client that missed some
 * needs only the next one. The last event is the one with a final state; the stream ends after it.
 */
export class JobEvents {
  readonly #open = new Set<() => void>();

  constructor(private readonly jobs: Jobs) {}

  /**
   * Begins a stream. With the header Last-Event-ID, the state that the client has already is not sent again.
   * @throws AppError `job_unknown`; `busy` when too many streams are open
   */
  send(id: string, request: FastifyRequest, reply: FastifyReply): void {
    const { jobs } = this;
    let shown = request.headers['last-event-id'];
    const state = toJobJson(jobs.view(id));
    // A browser connects again when the stream ends. 204 tells it that there is no more.
    if (isFinished(state) && eventIdOf(state) === shown) {
      reply.status(204).send();
      return;
    }
    if (this.#open.size >= MAX_STREAMS)
      throw new AppError('busy', 'Too many clients follow jobs. Ask GET /jobs/{id} instead.');
    const stream = new PassThrough();
    let timer: NodeJS.Timeout | undefined;

    const sendState = (): void => {
      timer = undefined;
      if (stream.writableLength > MAX_WAITING_BYTES) return;
      const job = currentJob(jobs, id);
      // The job was deleted.
      if (!job) {
        end();
        return;
      }
      const { data, isLast } = job;
      const eventId = eventIdOf(data);
      if (eventId !== shown) stream.write(`id: ${eventId}\nevent: job\ndata: ${JSON.stringify(data)}\n\n`);
      shown = eventId;
      if (isLast) end();
    };
    const onChange = (): void => {
      timer ??= setTimeout(sendState, LEAST_INTERVAL_MS);
    };
    const stopWatching = jobs.watch(id, onChange);
    stream.on('drain', onChange);
    const heartbeat = setInterval(() => {
      if (stream.writableLength === 0) stream.write(': still here\n\n');
    }, HEARTBEAT_MS);
    const end = (): void => {
      clearTimeout(timer);
      clearInterval(heartbeat);
      stopWatching();
      this.#open.delete(end);
      stream.end();
    };
    this.#open.add(end);
    reply.raw.once('close', end);
    sendState();
    void reply
      .type('text/event-stream; charset=utf-8')
      .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
      .send(stream);
  }

  /** Ends all streams, so that the server can close. */
  close(): void {
    for (const end of this.#open) end();
  }
}

/** What a client may have missed is the state, so the id of an event is that of the state. */
function eventIdOf({ state, rows, bytes_read }: JobJson): string {
  return `${state}-${rows}-${bytes_read}`;
}

function currentJob(jobs: Jobs, id: string): { data: JobJson; isLast: boolean } | undefined {
  try {
    const view = jobs.view(id);
    return { data: toJobJson(view), isLast: isFinished(view) };
  } catch (error) {
    if (error instanceof AppError && error.code === 'job_unknown') return undefined;
    throw error;
  }
}
