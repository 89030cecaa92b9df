import { once } from 'node:events';
import type {
  Classification,
  Classifier,
  ClassifyOptions,
  ExplainOptions,
  Explanation,
  LogRecord,
} from '../../src/classifier/types.js';

/** Labels each message with its own text in angle brackets, by the rule `stub`, and records the messages. */
export class StubClassifier implements Classifier {
  /** The messages in the order of arrival. */
  readonly asked: string[] = [];
  /** The records in the order of arrival. */
  readonly records: LogRecord[] = [];
  readonly sessions: ClassifyOptions[] = [];
  /** If set, every call waits for it or for the session's signal. */
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
        this.records.push(...records);
        if (this.gate) await Promise.race([this.gate, aborted]);
        options.signal?.throwIfAborted();
        return records.map(({ message }) => this.label(message));
      },
    };
  }

  classify(records: readonly LogRecord[], options?: ClassifyOptions): Promise<Classification[]> {
    return this.session(options).classify(records);
  }

  /** Explains each label with an empty match of the rule `stub`. */
  async explain(record: LogRecord, options?: ExplainOptions): Promise<Explanation> {
    const [classification] = await this.classify([record], options);
    if (!classification) throw new Error('A record has no label.');
    const { label, rule: id = 'stub' } = classification;
    const rule = { id, pattern: '', label, matchedIn: 'message', text: '', start: 0, end: 0 } as const;
    return { version: 'stub', classification, local: { classification, rule } };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A promise with its resolve function. */
export function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
