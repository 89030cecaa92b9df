import { LRUCache } from 'lru-cache';
import { UNCLASSIFIED } from '../labels.js';
import type { Classification } from '../types.js';
import { ClassifyCall } from './classify-call.js';
import type { EncodeQueue, QueuedTemplate, QueueSession } from './encode-queue.js';
import type { HeadExplanation } from './head-explanation.js';
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

/** How a template got its classification. */
export interface TemplateExplanation extends HeadExplanation {
  readonly classification: Classification;
}

/** Options of an embedding tier. */
export interface EmbeddingTierOptions {
  cacheMaxBytes: number;
  /** Predictions of earlier processes with the same head and encoder. */
  store?: PredictionStore | undefined;
  /** Whether classifications have the field `top`. The store has no such lists. */
  ranks?: boolean;
}

/** The length of the list `top`, if the head has so many labels. */
export const MAX_TOP = 10;

/** Estimated size of a cache entry without the template's text: classification, list node and key. */
const CACHE_ENTRY_BYTES = 200;
/** Estimated size of a list `top`. */
const TOP_BYTES = 60 * MAX_TOP;
/** The cache of classifications with `top` may have this share of the size of the cache without. */
const RANKED_CACHE_SHARE = 1 / 8;

/**
 * Classifies templates with encoder and head. A cached template is not encoded again. A template that is queued or being
 * encoded is not queued a second time.
 */
export class EmbeddingTier {
  readonly #cache: LRUCache<string, Classification>;
  readonly #pending = new Map<string, PendingTemplate>();
  readonly #queue: EncodeQueue;
  readonly #store: PredictionStore | undefined;
  readonly #ranks: boolean;
  readonly #cacheMaxBytes: number;
  #ranked: EmbeddingTier | undefined;

  constructor(
    queue: EncodeQueue,
    readonly head: Head,
    { cacheMaxBytes, store, ranks = false }: EmbeddingTierOptions,
  ) {
    this.#queue = queue;
    this.#store = store;
    this.#ranks = ranks;
    this.#cacheMaxBytes = cacheMaxBytes;
    const entryBytes = CACHE_ENTRY_BYTES + (ranks ? TOP_BYTES : 0);
    this.#cache = new LRUCache({
      maxSize: cacheMaxBytes,
      sizeCalculation: (_, template) => entryBytes + 2 * template.length,
    });
  }

  /**
   * The tier of sessions that ask for the likeliest labels: its classifications have the field `top`. It has a cache of its
   * own, because the predictions in cache and store are one label each, which keeps them small.
   */
  get ranked(): EmbeddingTier {
    const cacheMaxBytes = Math.ceil(RANKED_CACHE_SHARE * this.#cacheMaxBytes);
    return (this.#ranked ??= new EmbeddingTier(this.#queue, this.head, { cacheMaxBytes, ranks: true }));
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

  /**
   * Encodes a template, even if its prediction is cached, and returns what its label follows from.
   * @throws the signal's reason when it is aborted, or the encoder's error
   */
  async explain(template: string, session: TierSession, count: number): Promise<TemplateExplanation> {
    const embedding = await this.#encode(template, session);
    const prediction = this.head.predict(embedding, template);
    assertFinite(prediction);
    return {
      classification: this.#classificationOf(template, prediction),
      ...this.head.explain(embedding, template, count),
    };
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
      const top = this.#ranks ? this.head.rank(embedding, template, MAX_TOP) : undefined;
      return this.#addToCache(template, prediction, top);
    } finally {
      // If this one was dropped, the template may have been queued again since.
      if (this.#pending.get(template)?.queued === queued) this.#pending.delete(template);
    }
  }

  #loadFromStore(template: string): Classification | undefined {
    const prediction = this.#store?.get(template);
    return prediction && this.#addToCache(copyOf(template), prediction);
  }

  async #encode(template: string, { signal, ...session }: TierSession): Promise<Float32Array> {
    signal?.throwIfAborted();
    const queued = this.#queue.add(template);
    const cancel = queued.waitFor(session);
    signal?.addEventListener('abort', cancel);
    try {
      const embedding = await queued.embedding;
      signal?.throwIfAborted();
      if (!embedding) throw new Error('A template was dropped that a session waits for.');
      return embedding;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  #addToCache(template: string, prediction: Prediction, top?: readonly Prediction[]): Classification {
    const plain = this.#classificationOf(template, prediction);
    const classification = top === undefined ? plain : { ...plain, top };
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
