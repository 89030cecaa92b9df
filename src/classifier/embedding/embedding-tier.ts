import { LRUCache } from 'lru-cache';
import { UNCLASSIFIED } from '../labels.js';
import type { Classification } from '../types.js';
import { ClassifyCall } from './classify-call.js';
import type { EncodeQueue, QueuedTemplate, QueueSession } from './encode-queue.js';
import type { Head, Prediction } from './head.js';
import type { PredictionStore } from './prediction-store.js';

/** Who asks for templates: one object for all parts of a piece of work, for the encoder is shared out among these. */
export interface TierSession extends QueueSession {
  readonly signal: AbortSignal | undefined;
}

/** A template that waits for the encoder or is being encoded, for all who ask for it meanwhile. */
interface Pending {
  readonly queued: QueuedTemplate;
  /** Undefined if the template was dropped from the queue. */
  readonly classification: Promise<Classification | undefined>;
}

/** What an entry of the cache weighs beside its template's text: its classification, its node, its key. */
const ENTRY_BYTES = 200;

/**
 * Templates to classifications, by encoder and head. A template seen before costs a look into the cache; one that
 * is being encoded is not encoded twice, whoever asks.
 */
export class EmbeddingTier {
  readonly #cache: LRUCache<string, Classification>;
  readonly #pending = new Map<string, Pending>();
  readonly #queue: EncodeQueue;
  readonly #store: PredictionStore | undefined;

  /** @param options.store predictions of earlier processes, by the same head and encoder */
  constructor(
    queue: EncodeQueue,
    readonly head: Head,
    { cacheMaxBytes, store }: { cacheMaxBytes: number; store?: PredictionStore | undefined },
  ) {
    this.#queue = queue;
    this.#store = store;
    this.#cache = new LRUCache({
      maxSize: cacheMaxBytes,
      sizeCalculation: (_, template) => ENTRY_BYTES + 2 * template.length,
    });
  }

  /** The classification of a template that has been classified before and is still remembered. */
  getCached(template: string): Classification | undefined {
    return this.#cache.get(template);
  }

  /**
   * The classification of every distinct template among those given; for those that are not known. Waits before it
   * queues more templates than the session may have in the queue at once.
   * @throws the signal's reason once it is aborted, or what the encoder failed with. Templates that nobody else waits
   *   for have left the queue then; an inference that runs goes on.
   */
  async classify(templates: Iterable<string>, session: TierSession): Promise<Map<string, Classification>> {
    session.signal?.throwIfAborted();
    const call = new ClassifyCall(session.signal);
    try {
      for (const template of new Set(templates)) {
        let known = this.#find(template);
        for (let room = this.#queue.room(session); room && !known; room = this.#queue.room(session)) {
          await call.unlessOver(room);
          // It may be over though there is room: the abort of a session makes room too.
          call.throwIfOver();
          known = this.#find(template);
        }
        if (known) call.found.set(template, known);
        else this.#waitFor(template, session, call);
      }
      return await call.result();
    } finally {
      call.end();
    }
  }

  /** Resolves when all that was classified so far is kept, where it is to be kept. */
  async flush(): Promise<void> {
    await this.#store?.flush();
  }

  #find(template: string): Classification | undefined {
    return this.#cache.get(template) ?? this.#recall(template);
  }

  #waitFor(template: string, session: TierSession, call: ClassifyCall): void {
    let pending = this.#pending.get(template);
    if (!pending || pending.queued.isDropped) pending = this.#enqueue(ownCopy(template));
    call.waitFor(template, pending.classification, pending.queued.waitFor(session));
  }

  #enqueue(template: string): Pending {
    const queued = this.#queue.add(template);
    const pending = { queued, classification: this.#classifyEncoded(template, queued) };
    this.#pending.set(template, pending);
    return pending;
  }

  async #classifyEncoded(template: string, queued: QueuedTemplate): Promise<Classification | undefined> {
    try {
      const embedding = await queued.embedding;
      if (!embedding) return undefined;
      const prediction = this.head.predict(embedding, template);
      assertUsable(prediction);
      this.#store?.add(template, prediction);
      return this.#remember(template, prediction);
    } finally {
      // After it was dropped, another may have taken its place.
      if (this.#pending.get(template)?.queued === queued) this.#pending.delete(template);
    }
  }

  #recall(template: string): Classification | undefined {
    const kept = this.#store?.get(template);
    return kept && this.#remember(ownCopy(template), kept);
  }

  #remember(template: string, prediction: Prediction): Classification {
    const classification = this.#judge(prediction);
    this.#cache.set(template, classification);
    return classification;
  }

  /** Under the head's threshold nothing is claimed. */
  #judge({ label, confidence }: Prediction): Classification {
    if (confidence >= this.head.threshold) return { label, tier: 'embedding', confidence };
    return { label: UNCLASSIFIED, tier: 'embedding', confidence, note: 'low-confidence' };
  }
}

/**
 * If a number of an embedding is not finite, the encoder has failed, and the confidence is not finite either.
 * `Unclassified` would look like the answer of an unsure head, and would be cached. After an error the next request
 * encodes the template again.
 */
function assertUsable({ confidence }: Prediction): void {
  if (!Number.isFinite(confidence)) {
    throw new Error(
      `The encoder gave a broken embedding: the confidence ${confidence} is not a finite number.`,
    );
  }
}

/**
 * A template that nothing had to be masked in is a slice of the upload's text, and would keep some 100,000
 * characters of it in memory for as long as the cache keeps the template.
 */
function ownCopy(template: string): string {
  return Buffer.from(template, 'utf16le').toString('utf16le');
}
