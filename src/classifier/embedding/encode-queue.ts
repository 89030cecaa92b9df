import { deferred, type Deferred } from '../../async/deferred.js';
import type { Priority } from '../types.js';
import { TEMPLATES_A_TASK, type Encoder } from './encoder.js';
import { RoundRobin } from './round-robin.js';

/** Characters of templates that a thread is handed at once: an interactive one must never wait long behind bulk. */
const CHARS_A_TURN = 2_000;

/** Of so many turns one goes to bulk even while interactive templates wait, so that bulk never starves. */
const TURNS_UNTIL_BULK = 4;

/** So many full turns of every thread may wait of one session: enough that no thread waits for the session. */
const MAX_TURNS_WAITING = 4;

/** Whose templates wait. Sessions take turns; the object itself tells one session from another. */
export interface QueueSession {
  readonly priority: Priority;
}

/** A template that is to be encoded once, for all sessions that want it. */
export interface QueuedTemplate {
  /** Undefined if nobody waited for it any more when its turn came. Rejects if the encoder fails. */
  readonly embedding: Promise<Float32Array | undefined>;
  /** Whether all who waited for it have left before its turn: it will not be encoded. */
  readonly isDropped: boolean;
  /**
   * Puts it into the session's queue too: it is encoded at the earliest turn of all its sessions. A session may wait
   * for it several times. Gives what ends this one wait; calling that again, or after the turn, does nothing.
   */
  readonly waitFor: (session: QueueSession) => () => void;
}

/** A session's templates that wait, in its own order. It exists only while there are any. */
class SessionQueue {
  /** Each with how often the session waits for it. */
  readonly waits = new Map<Waiting, number>();
  /** Resolved when the queue has room again; undefined while nobody waits for that. */
  room: Deferred<void> | undefined;

  constructor(readonly session: QueueSession) {}
}

class Waiting {
  /** Where it waits; empty before the first wait, after its turn and when it was dropped. */
  readonly queues = new Set<SessionQueue>();
  /** How many of these queues are of each priority. */
  readonly queuesOf: Record<Priority, number> = { interactive: 0, bulk: 0 };
  state: 'waiting' | 'taken' | 'dropped' = 'waiting';
  readonly embedding = deferred<Float32Array | undefined>();

  constructor(readonly template: string) {}
}

/** What waits with one priority. */
class Waiters {
  readonly queues = new RoundRobin<SessionQueue>();
  /** Templates, each counted once however many sessions wait for it. */
  templates = 0;
}

/**
 * Hands templates to the encoder, no more than it has threads for. Interactive ones go before bulk ones; within each
 * priority the sessions take turns, so that one with ten templates does not wait for one with thousands.
 */
export class EncodeQueue {
  readonly #waiters: Record<Priority, Waiters> = { interactive: new Waiters(), bulk: new Waiters() };
  readonly #queues = new Map<QueueSession, SessionQueue>();
  readonly #maxQueue: number;
  #turnsInUse = 0;
  #turn = 0;

  constructor(private readonly encoder: Encoder) {
    this.#maxQueue = MAX_TURNS_WAITING * TEMPLATES_A_TASK * encoder.threads;
  }

  /** How many templates wait: those of each priority. */
  get waiting(): Record<Priority, number> {
    const { interactive, bulk } = this.#waiters;
    return { interactive: interactive.templates, bulk: bulk.templates };
  }

  /** Takes a template in for which nobody waits yet. */
  add(template: string): QueuedTemplate {
    const waiting = new Waiting(template);
    return {
      embedding: waiting.embedding.promise,
      get isDropped() {
        return waiting.state === 'dropped';
      },
      waitFor: (session) => this.#waitFor(waiting, session),
    };
  }

  /**
   * Undefined while the session may wait for one more template, else what resolves when it is worth trying again: a
   * session waits with a bounded number of templates, and its own turns make room. The number of all that wait is
   * bounded by the number of sessions.
   */
  room(session: QueueSession): Promise<void> | undefined {
    const queue = this.#queues.get(session);
    if (!queue || queue.waits.size < this.#maxQueue) return undefined;
    queue.room ??= deferred();
    return queue.room.promise;
  }

  #waitFor(waiting: Waiting, session: QueueSession): () => void {
    if (waiting.state !== 'waiting') return () => undefined;
    const queue = this.#queueOf(session);
    const waits = queue.waits.get(waiting);
    queue.waits.set(waiting, (waits ?? 0) + 1);
    if (waits === undefined) this.#enter(waiting, queue);
    this.#takeTurns();
    let isOver = false;
    return () => {
      if (!isOver) this.#endWait(waiting, queue);
      isOver = true;
    };
  }

  #endWait(waiting: Waiting, queue: SessionQueue): void {
    if (waiting.state !== 'waiting') return;
    const waits = queue.waits.get(waiting) ?? 0;
    if (waits > 1) {
      queue.waits.set(waiting, waits - 1);
      return;
    }
    this.#leave(waiting, queue);
    if (waiting.queues.size > 0) return;
    waiting.state = 'dropped';
    waiting.embedding.resolve(undefined);
  }

  #queueOf(session: QueueSession): SessionQueue {
    let queue = this.#queues.get(session);
    if (!queue) {
      queue = new SessionQueue(session);
      this.#queues.set(session, queue);
      this.#waiters[session.priority].queues.add(queue);
    }
    return queue;
  }

  #enter(waiting: Waiting, queue: SessionQueue): void {
    const { priority } = queue.session;
    waiting.queues.add(queue);
    waiting.queuesOf[priority] += 1;
    if (waiting.queuesOf[priority] === 1) this.#waiters[priority].templates += 1;
  }

  #leave(waiting: Waiting, queue: SessionQueue): void {
    const { session, waits } = queue;
    const { priority } = session;
    waits.delete(waiting);
    waiting.queues.delete(queue);
    waiting.queuesOf[priority] -= 1;
    if (waiting.queuesOf[priority] === 0) this.#waiters[priority].templates -= 1;
    if (waits.size === 0) {
      this.#queues.delete(session);
      this.#waiters[priority].queues.delete(queue);
    }
    // At half: a session that waits is not woken for every single template.
    if (waits.size > this.#maxQueue / 2) return;
    queue.room?.resolve();
    queue.room = undefined;
  }

  #takeTurns(): void {
    while (this.#turnsInUse < this.encoder.threads) {
      const next = this.#next();
      if (next.length === 0) return;
      this.#turnsInUse += 1;
      void this.#run(next);
    }
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    const tell = await this.#encode(batch);
    this.#turnsInUse -= 1;
    // The thread gets its next templates first: what follows the results takes the main thread a while.
    this.#takeTurns();
    tell();
  }

  /**
   * The templates of the next turn: those of the session whose turn it is, and where it has few, those of the sessions
   * behind it too, which keep their places.
   */
  #next(): Waiting[] {
    const { interactive, bulk } = this.#waiters;
    this.#turn += 1;
    const bulksTurn = interactive.templates === 0 || this.#turn % TURNS_UNTIL_BULK === 0;
    const { queues, templates } = bulksTurn && bulk.templates > 0 ? bulk : interactive;
    // No more than its share, so that no thread is left without when few wait.
    const most = Math.min(TEMPLATES_A_TASK, Math.ceil(templates / this.encoder.threads));
    const next: Waiting[] = [];
    let chars = 0;
    const isFull = (): boolean => next.length >= most || chars >= CHARS_A_TURN;
    const first = queues.first;
    for (let queue = first; queue && !isFull(); queue = queues.first) {
      for (const waiting of queue.waits.keys()) {
        this.#removeFromAll(waiting);
        next.push(waiting);
        chars += waiting.template.length;
        if (isFull()) break;
      }
    }
    if (first) queues.moveBack(first);
    return next;
  }

  #removeFromAll(waiting: Waiting): void {
    waiting.state = 'taken';
    for (const queue of waiting.queues) this.#leave(waiting, queue);
  }

  /** Encodes a batch. Returns the function that settles the promises of its templates; never rejects. */
  async #encode(batch: readonly Waiting[]): Promise<() => void> {
    try {
      const embeddings = await this.encoder.encode(batch.map(({ template }) => template));
      return () => batch.forEach(({ embedding }, index) => embedding.resolve(embeddings[index]));
    } catch (error) {
      if (batch.length === 1) return () => batch[0]?.embedding.reject(error);
      // One of them may be at fault, and the others are other people's.
      const tells: (() => void)[] = [];
      for (const waiting of batch) tells.push(await this.#encode([waiting]));
      return () => tells.forEach((tell) => tell());
    }
  }
}
