import { LRUCache } from 'lru-cache';
import type { Priority } from '../types.js';
import type { EncodeQueue } from './encode-queue.js';
import type { Head } from './head.js';

/** What the head says of a template. */
export interface Prediction {
  readonly label: string;
  /** The calibrated probability of the label, 0..1. */
  readonly confidence: number;
}

/** A template being encoded, for everyone who asked for it meanwhile. */
interface Flight {
  prediction: Promise<Prediction | undefined>;
  passengers: number;
}

/** What an entry of the cache weighs beside its template's text: its prediction, its node, its key. */
const ENTRY_BYTES = 200;

/**
 * Templates to predictions, by encoder and head. A template seen before costs a look into the cache; one that
 * is being encoded is not encoded twice, whoever asks.
 */
export class EmbeddingTier {
  readonly #cache: LRUCache<string, Prediction>;
  readonly #flights = new Map<string, Flight>();
  readonly #queue: EncodeQueue;

  constructor(
    queue: EncodeQueue,
    readonly head: Head,
    options: { cacheMaxBytes: number },
  ) {
    this.#queue = queue;
    this.#cache = new LRUCache({
      maxSize: options.cacheMaxBytes,
      sizeCalculation: (_, template) => ENTRY_BYTES + 2 * template.length,
    });
  }

  /**
   * The prediction of every distinct template among those given.
   * @throws the signal's reason once it is aborted; an inference that others wait for goes on.
   */
  async predict(
    templates: Iterable<string>,
    options: { priority: Priority; signal: AbortSignal | undefined },
  ): Promise<Map<string, Prediction>> {
    const predictions = new Map<string, Prediction>();
    const missing: string[] = [];
    for (const template of new Set(templates)) {
      const known = this.#cache.get(template);
      if (known) predictions.set(template, known);
      else missing.push(ownCopy(template));
    }
    const { signal } = options;
    signal?.throwIfAborted();
    if (missing.length === 0) return predictions;
    const boarded = missing.map((template) => this.#board(template, options.priority));
    const leave = (): void => boarded.forEach((flight) => (flight.passengers -= 1));
    try {
      const found = await untilAborted(Promise.all(boarded.map((flight) => flight.prediction)), signal);
      found.forEach((prediction, index) => {
        const template = missing[index];
        if (prediction && template !== undefined) predictions.set(template, prediction);
      });
    } finally {
      leave();
    }
    return predictions;
  }

  #board(template: string, priority: Priority): Flight {
    const running = this.#flights.get(template);
    if (running) {
      running.passengers += 1;
      return running;
    }
    const flight: Flight = { passengers: 1, prediction: Promise.resolve(undefined) };
    flight.prediction = this.#fly(template, priority, flight);
    this.#flights.set(template, flight);
    return flight;
  }

  async #fly(template: string, priority: Priority, flight: Flight): Promise<Prediction | undefined> {
    try {
      const embedding = await this.#queue.encode(template, priority, () => {
        // From here on a newcomer starts a flight of its own: this one may be over without a prediction.
        if (flight.passengers === 0) this.#flights.delete(template);
        return flight.passengers === 0;
      });
      if (!embedding) return undefined;
      const prediction = this.head.predict(embedding, template);
      this.#cache.set(template, prediction);
      return prediction;
    } finally {
      if (this.#flights.get(template) === flight) this.#flights.delete(template);
    }
  }
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
