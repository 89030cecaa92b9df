import { once } from 'node:events';
import type { Classification, Classifier, ClassifyOptions, LogRecord } from '../../src/classifier/types.js';

/** Labels every message with itself in angle brackets, by the rule `stub`; notes what it is asked. */
export class StubClassifier implements Classifier {
  /** Messages in the order in which they came. */
  readonly asked: string[] = [];
  readonly sessions: ClassifyOptions[] = [];
  /** While set, every part waits for it, or for the session's signal. */
  gate: Promise<void> | undefined;
  label = (message: string): Classification => ({
    label: `<${message}>`,
    tier: 'rule',
    confidence: 1,
    rule: 'stub',
  });

  session(options: ClassifyOptions = {}) {
    this.sessions.push(options);
    const aborted = options.signal ? once(options.signal, 'abort') : new Promise(() => undefined);
    return {
      version: 'stub',
      classify: async (records: readonly LogRecord[]): Promise<Classification[]> => {
        this.asked.push(...records.map(({ message }) => message));
        if (this.gate) await Promise.race([this.gate, aborted]);
        options.signal?.throwIfAborted();
        return records.map(({ message }) => this.label(message));
      },
    };
  }

  classify(records: readonly LogRecord[], options?: ClassifyOptions): Promise<Classification[]> {
    return this.session(options).classify(records);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A promise with its resolve function outside. */
export function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
