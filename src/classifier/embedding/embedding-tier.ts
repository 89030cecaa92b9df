import { LRUCache } from 'lru-cache';
import { UNCLASSIFIED } from '../labels.js';
import type { Classification, Priority } from '../types.js';
import type { EncodeQueue } from './encode-queue.js';
import type { Head, Prediction } from './head.js';
import type { PredictionStore } from './prediction-store.js';

/** A template being encoded, for everyone who asked for it meanwhile. */
interface Flight {
  classification: Promise<Classification | undefined>;
  passengers: number;
  /** Lets it go with interactive work, if it still waits. */
  hurry: () => void;
}

/** What an entry of the cache weighs beside its template's text: its classification, its node, its key. */
const ENTRY_BYTES = 200;

/**
 * Templates to classifications, by encoder and head. A template seen before costs a look into the cache; one that
 * is being encoded is not encoded twice, whoever asks.
 */
export class EmbeddingTier {
  readonly #cache: LRUCache<string, Classification>;
  readonly #flights = new Map<string, Flight>();
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
  known(template: string): Classification | undefined {
    return this.#cache.get(template);
  }

  /**
   * The classification of every distinct template among those given; for those that are not known.
   * @throws the signal's reason once it is aborted; an inference that others wait for goes on.
   */
  async classify(
    templates: Iterable<string>,
    options: { priority: Priority; signal: AbortSignal | undefined },
  ): Promise<Map<string, Classification>> {
    const { signal } = options;
    signal?.throwIfAborted();
    const distinct = [...new Set(templates)];
    const boarded = distinct.map((template) => this.#board(template, options.priority));
    const leave = (): void => boarded.forEach((flight) => (flight.passengers -= 1));
    try {
      const landed = await untilAborted(Promise.all(boarded.map((flight) => flight.classification)), signal);
      const classifications = new Map<string, Classification>();
      landed.forEach((classification, index) => {
        const template = distinct[index];
        if (classification && template !== undefined) classifications.set(template, classification);
      });
      return classifications;
    } finally {
      leave();
    }
  }

  /** Resolves when all that was classified so far is kept, where it is to be kept. */
  async flush(): Promise<void> {
    await this.#store?.flush();
  }

  #board(template: string, priority: Priority): Flight {
    const running = this.#flights.get(template);
    if (running) {
      running.passengers += 1;
      if (priority === 'interactive') running.hurry();
      return running;
    }
    const known = this.#cache.get(template) ?? this.#recall(template);
    if (known) return landed(known);
    const flight = landed(undefined);
    const own = ownCopy(template);
    const { embedding, hurry } = this.#queue.encode(own, priority, () => this.#endIfEmpty(flight, own));
    flight.hurry = hurry;
    flight.classification = this.#fly(flight, own, embedding);
    this.#flights.set(own, flight);
    return flight;
  }

  /** Asked just before take-off: ends a flight that nobody is on board of any more, and says so. */
  #endIfEmpty(flight: Flight, template: string): boolean {
    if (flight.passengers > 0) return false;
    // From here on a newcomer starts a flight of its own: this one is over without a result.
    this.#flights.delete(template);
    return true;
  }

  async #fly(
    flight: Flight,
    template: string,
    encoded: Promise<Float32Array | undefined>,
  ): Promise<Classification | undefined> {
    try {
      const embedding = await encoded;
      if (!embedding) return undefined;
      const prediction = this.head.predict(embedding, template);
      this.#store?.add(template, prediction);
      return this.#remember(template, prediction);
    } finally {
      if (this.#flights.get(template) === flight) this.#flights.delete(template);
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

/** A flight with one passenger that is over. */
function landed(classification: Classification | undefined): Flight {
  return { passengers: 1, classification: Promise.resolve(classification), hurry: () => undefined };
}

/**
 * A template that nothing had to be masked in is a slice of the upload's text, and would keep some 100,000
 * characters of it in memory for as long as the cache keeps the template.
 */
function ownCopy(template: string): string {
  return Buffer.from(template, 'utf16le').toString('utf16le');
}

/** The promise's outcome, or a rejection with the signal's reason as soon as it is aborted. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
