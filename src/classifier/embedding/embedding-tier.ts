import { LRUCache } from 'lru-cache';
import { UNCLASSIFIED } from '../labels.js';
import type { Classification } from '../types.js';
import { ClassifyCall } from './classify-call.js';
import type { EncodeQueue, QueuedTemplate, QueueSession } from './encode-queue.js';
import type { Head, Prediction } from './head.js';
import type { PredictionStore } from './prediction-store.js';

/** A session of the embedding tier. All calls of a request pass the same object: the queue takes turns between them. */
export interface TierSession extends QueueSession {
  readonly signal: AbortSignal | undefined;
}

/** A template that is queued or being encoded, shared by all calls that wait for it. */
interface PendingTemplate {
  readonly queued: QueuedTemplate;
  /** Resolves to undefined if the template was dropped from the queue. */
  readonly classification: Promise<Classification | undefined>;
}

/** Estimated size of a cache entry without the template's text: classification, list node and key. */
const CACHE_ENTRY_BYTES = 200;

/**
 * Classifies templates with encoder and head. A cached template is not encoded again. A template that is queued or being
 * encoded is not queued a second time.
 */
export class EmbeddingTier {
  readonly #cache: LRUCache<string, Classification>;
  readonly #pending = new Map<string, PendingTemplate>();
  readonly #queue: EncodeQueue;
  readonly #store: PredictionStore | undefined;

  /** @param options.store predictions of earlier processes with the same head and encoder */
  constructor(
    queue: EncodeQueue,
    readonly head: Head,
    { cacheMaxBytes, store }: { cacheMaxBytes: number; store?: PredictionStore | undefined },
  ) {
    this.#queue = queue;
    this.#store = store;
    this.#cache = new LRUCache({
      maxSize: cacheMaxBytes,
      sizeCalculation: (_, template) => CACHE_ENTRY_BYTES + 2 * template.length,
    });
  }

  /** Returns the classification of a template if it is in the memory cache. Does not look into the store. */
  getCached(template: string): Classification | undefined {
    return this.#cache.get(template);
  }

  /**
   * Returns the classification of each distinct template. If the session has too many templates in the queue, waits for
   * room before it adds more.
   * @throws the signal's reason when it is aborted, or the encoder's error. Templates that no other call waits for then
   *   leave the queue. An inference that already runs is not interrupted.
   */
  async classify(templates: Iterable<string>, session: TierSession): Promise<Map<string, Classification>> {
    session.signal?.throwIfAborted();
    const call = new ClassifyCall(session.signal);
    try {
      for (const template of new Set(templates)) {
        let known = this.#find(template);
        let room = this.#queue.whenRoom(session);
        while (room && !known) {
          await call.unlessFailed(room);
          // Check first: when the session is aborted, its queue has room too.
          call.throwIfFailed();
          known = this.#find(template);
          room = this.#queue.whenRoom(session);
        }
        if (known) call.found.set(template, known);
        else this.#waitFor(template, session, call);
      }
      return await call.result();
    } finally {
      call.end();
    }
  }

  /** Resolves when all predictions made so far are in the store, if there is one. */
  async flush(): Promise<void> {
    await this.#store?.flush();
  }

  #find(template: string): Classification | undefined {
    return this.#cache.get(template) ?? this.#loadFromStore(template);
  }

  #waitFor(template: string, session: TierSession, call: ClassifyCall): void {
    let pending = this.#pending.get(template);
    if (!pending || pending.queued.isDropped) pending = this.#enqueue(copyOf(template));
    call.waitFor(template, pending.classification, pending.queued.waitFor(session));
  }

  #enqueue(template: string): PendingTemplate {
    const queued = this.#queue.add(template);
    const pending = { queued, classification: this.#classifyQueued(template, queued) };
    this.#pending.set(template, pending);
    return pending;
  }

  async #classifyQueued(template: string, queued: QueuedTemplate): Promise<Classification | undefined> {
    try {
      const embedding = await queued.embedding;
      if (!embedding) return undefined;
      const prediction = this.head.predict(embedding, template);
      assertFinite(prediction);
      this.#store?.add(template, prediction);
      return this.#addToCache(template, prediction);
    } finally {
      // If this one was dropped, the template may have been queued again since.
      if (this.#pending.get(template)?.queued === queued) this.#pending.delete(template);
    }
  }

  #loadFromStore(template: string): Classification | undefined {
    const prediction = this.#store?.get(template);
    return prediction && this.#addToCache(copyOf(template), prediction);
  }

  #addToCache(template: string, prediction: Prediction): Classification {
    const classification = this.#classificationOf(template, prediction);
    this.#cache.set(template, classification);
    return classification;
  }

  #classificationOf(template: string, { label, confidence }: Prediction): Classification {
    const note = this.head.reasonToWithhold(template, confidence);
    return note === undefined
      ? { label, tier: 'embedding', confidence }
      : { label: UNCLASSIFIED, tier: 'embedding', confidence, note };
  }
}

/**
 * Throws if the confidence is not finite, which means that the encoder returned a broken embedding. Without this check
 * the template would be cached as `Unclassified`. After the error the next request encodes it again.
 */
function assertFinite({ confidence }: Prediction): void {
  if (!Number.isFinite(confidence)) {
    throw new Error(
      `The encoder returned a broken embedding: the confidence ${confidence} is not a finite number.`,
    );
  }
}

/**
 * Copies the string. A template without masked parts is a slice of the upload's text: in the cache, the slice would keep
 * some 100,000 characters of that text in memory.
 */
function copyOf(template: string): string {
  return Buffer.from(template, 'utf16le').toString('utf16le');
}
