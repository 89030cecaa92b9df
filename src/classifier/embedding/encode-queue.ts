import { deferred, type Deferred } from '../../async/deferred.js';
import type { Priority } from '../types.js';
import { MAX_BATCH_TEMPLATES, type Encoder } from './encoder.js';
import { RoundRobin } from './round-robin.js';

/** A batch is complete at this many characters, so that an interactive template never waits long for a bulk batch. */
const BATCH_CHARS = 2_000;

/** Every fourth batch is bulk even while interactive templates wait. Otherwise bulk templates might wait for ever. */
const BULK_BATCH_INTERVAL = 4;

/**
 * Upper bound on the queued templates of one session, in full batches per thread. It is large enough that no thread
 * idles until the session adds more.
 */
const MAX_QUEUED_BATCHES = 4;

/** Identifies a session to the queue. The queue compares sessions by object identity and lets them take turns. */
export interface QueueSession {
  readonly priority: Priority;
}

/** A template to be encoded once for all sessions that wait for it. */
export interface QueuedTemplate {
  /** Resolves to undefined if the template was dropped. Rejects if the encoder fails. */
  readonly embedding: Promise<Float32Array | undefined>;
  /** True if all waits were cancelled before a thread took the template. A dropped template is never encoded. */
  readonly isDropped: boolean;
  /**
   * Adds a wait of the session, which may wait several times. The template is encoded at the earliest turn of all
   * sessions that wait for it. Returns a function that cancels this wait. Once a thread has taken the template, the
   * function has no effect.
   */
  readonly waitFor: (session: QueueSession) => () => void;
}

/** The queued templates of one session, in the session's order. Exists only while it is not empty. */
class SessionQueue {
  /** How many times the session waits for each entry. */
  readonly waits = new Map<QueueEntry, number>();
  /** Resolved when the queue has room again. Undefined if no caller waits for room. */
  room: Deferred<void> | undefined;

  constructor(readonly session: QueueSession) {}
}

class QueueEntry {
  /** The queues that contain this entry. Empty unless `state` is `queued` and a session waits. */
  readonly queues = new Set<SessionQueue>();
  /** The number of these queues by priority. */
  readonly queueCounts: Record<Priority, number> = { interactive: 0, bulk: 0 };
  state: 'queued' | 'taken' | 'dropped' = 'queued';
  readonly embedding = deferred<Float32Array | undefined>();

  constructor(readonly template: string) {}
}

/** All session queues of one priority. */
class SessionQueues {
  readonly turns = new RoundRobin<SessionQueue>();
  /** The number of distinct queued templates. */
  templateCount = 0;
}

/**
 * Sends queued templates to the encoder in batches, at most one batch per encoder thread at a time. Interactive templates
 * go before bulk ones. Within a priority the sessions take turns, so a session with ten templates does not wait for a
 * session with thousands.
 */
export class EncodeQueue {
  readonly #sessionQueues: Record<Priority, SessionQueues> = {
    interactive: new SessionQueues(),
    bulk: new SessionQueues(),
  };
  readonly #queues = new Map<QueueSession, SessionQueue>();
  readonly #maxQueueLength: number;
  #busyThreads = 0;
  #batchCount = 0;

  constructor(private readonly encoder: Encoder) {
    this.#maxQueueLength = MAX_QUEUED_BATCHES * MAX_BATCH_TEMPLATES * encoder.threads;
  }

  /** The number of queued templates by priority. A template that both priorities wait for counts in both. */
  get waiting(): Record<Priority, number> {
    const { interactive, bulk } = this.#sessionQueues;
    return { interactive: interactive.templateCount, bulk: bulk.templateCount };
  }

  /** Creates an entry for the template. It is queued once a session waits for it. */
  add(template: string): QueuedTemplate {
    const entry = new QueueEntry(template);
    return {
      embedding: entry.embedding.promise,
      get isDropped() {
        return entry.state === 'dropped';
      },
      waitFor: (session) => this.#waitFor(entry, session),
    };
  }

  /**
   * Returns undefined if the session may queue one more template. Otherwise returns a promise that resolves when the
   * caller should ask again.
   */
  whenRoom(session: QueueSession): Promise<void> | undefined {
    const queue = this.#queues.get(session);
    if (!queue || queue.waits.size < this.#maxQueueLength) return undefined;
    queue.room ??= deferred();
    return queue.room.promise;
  }

  #waitFor(entry: QueueEntry, session: QueueSession): () => void {
    if (entry.state !== 'queued') return () => undefined;
    const queue = this.#queueOf(session);
    const waits = queue.waits.get(entry);
    queue.waits.set(entry, (waits ?? 0) + 1);
    if (waits === undefined) this.#addToQueue(entry, queue);
    this.#startBatches();
    let isCancelled = false;
    return () => {
      if (!isCancelled) this.#cancelWait(entry, queue);
      isCancelled = true;
    };
  }

  #cancelWait(entry: QueueEntry, queue: SessionQueue): void {
    if (entry.state !== 'queued') return;
    const waits = queue.waits.get(entry) ?? 0;
    if (waits > 1) {
      queue.waits.set(entry, waits - 1);
      return;
    }
    this.#removeFromQueue(entry, queue);
    if (entry.queues.size > 0) return;
    entry.state = 'dropped';
    entry.embedding.resolve(undefined);
  }

  #queueOf(session: QueueSession): SessionQueue {
    let queue = this.#queues.get(session);
    if (!queue) {
      queue = new SessionQueue(session);
      this.#queues.set(session, queue);
      this.#sessionQueues[session.priority].turns.add(queue);
    }
    return queue;
  }

  #addToQueue(entry: QueueEntry, queue: SessionQueue): void {
    const { priority } = queue.session;
    entry.queues.add(queue);
    entry.queueCounts[priority] += 1;
    if (entry.queueCounts[priority] === 1) this.#sessionQueues[priority].templateCount += 1;
  }

  #removeFromQueue(entry: QueueEntry, queue: SessionQueue): void {
    const { session, waits } = queue;
    const { priority } = session;
    waits.delete(entry);
    entry.queues.delete(queue);
    entry.queueCounts[priority] -= 1;
    if (entry.queueCounts[priority] === 0) this.#sessionQueues[priority].templateCount -= 1;
    if (waits.size === 0) {
      this.#queues.delete(session);
      this.#sessionQueues[priority].turns.delete(queue);
    }
    // Wake the session when its queue is half empty, not for every single template.
    if (waits.size > this.#maxQueueLength / 2) return;
    queue.room?.resolve();
    queue.room = undefined;
  }

  /** Starts a batch for each idle thread while templates are queued. */
  #startBatches(): void {
    while (this.#busyThreads < this.encoder.threads) {
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      this.#busyThreads += 1;
      void this.#run(batch);
    }
  }

  async #run(batch: readonly QueueEntry[]): Promise<void> {
    const settle = await this.#encode(batch);
    this.#busyThreads -= 1;
    // Give the thread its next batch first: handling the results keeps the main thread busy for a while.
    this.#startBatches();
    settle();
  }

  /**
   * Removes the next batch from the queues. Takes the templates of the session whose turn it is. If these do not fill
   * the batch, takes templates of the following sessions, which keep their turns.
   */
  #takeBatch(): QueueEntry[] {
    const { interactive, bulk } = this.#sessionQueues;
    this.#batchCount += 1;
    const bulkFirst = interactive.templateCount === 0 || this.#batchCount % BULK_BATCH_INTERVAL === 0;
    const { turns, templateCount } = bulkFirst && bulk.templateCount > 0 ? bulk : interactive;
    // Divide few templates among the threads, so that no thread idles.
    const maxTemplates = Math.min(MAX_BATCH_TEMPLATES, Math.ceil(templateCount / this.encoder.threads));
    const batch: QueueEntry[] = [];
    let chars = 0;
    const isFull = (): boolean => batch.length >= maxTemplates || chars >= BATCH_CHARS;
    const first = turns.first;
    // An empty queue leaves `turns`. Then `turns.first` is the queue of the next session.
    for (let queue = first; queue && !isFull(); queue = turns.first) {
      for (const entry of queue.waits.keys()) {
        this.#take(entry);
        batch.push(entry);
        chars += entry.template.length;
        if (isFull()) break;
      }
    }
    if (first) turns.moveBack(first);
    return batch;
  }

  #take(entry: QueueEntry): void {
    entry.state = 'taken';
    for (const queue of entry.queues) this.#removeFromQueue(entry, queue);
  }

  /** Encodes a batch. Returns a function that settles the promises of its templates; never rejects. */
  async #encode(batch: readonly QueueEntry[]): Promise<() => void> {
    try {
      const embeddings = await this.encoder.encode(batch.map(({ template }) => template));
      return () => batch.forEach(({ embedding }, index) => embedding.resolve(embeddings[index]));
    } catch (error) {
      if (batch.length === 1) return () => batch[0]?.embedding.reject(error);
      // One template may have caused the failure. The others may belong to other sessions, so retry each alone.
      const settleEach: (() => void)[] = [];
      for (const entry of batch) settleEach.push(await this.#encode([entry]));
      return () => settleEach.forEach((settle) => settle());
    }
  }
}
