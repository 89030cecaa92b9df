import type { LogRecord } from '../log-record.js';

export type { LogRecord };

/** The three ways to a label, from `llm` (dearest) to `embedding`. */
export type Tier = 'llm' | 'rule' | 'embedding';

/**
 * Why a label is less than it could be: `low-confidence`, the embedding tier was not sure enough;
 * `llm-unavailable`, the line belonged to the LLM, which could not be asked, and went to rules and embedding.
 */
export type Note = 'low-confidence' | 'llm-unavailable';

/** The label of one record and how it came about; records alike may share one. */
export interface Classification {
  readonly label: string;
  readonly tier: Tier;
  /** 1 for a rule, null for the LLM, the calibrated probability (0..1) for the embedding tier. */
  readonly confidence: number | null;
  /** The id of the rule that matched, with tier `rule` only. */
  readonly rule?: string;
  readonly note?: Note;
}

/** `interactive` work goes before `bulk` work where both wait. Sessions of one priority take turns. */
export type Priority = 'interactive' | 'bulk';

/** How a piece of work is done. */
export interface ClassifyOptions {
  /** Cancels work that still waits; inference that already runs is left to end. No effect once the work is done. */
  signal?: AbortSignal;
  /** Who goes first where work queues; `bulk` if not given. */
  priority?: Priority;
}

/**
 * One piece of work (an upload, a JSON request) that may come in many parts: all its parts see the same
 * rules and head, and share one LLM deadline and one cap on LLM requests.
 */
export interface ClassifierSession {
  /** Names the head, rules, labels and encoder that it began with: 16 hex digits. */
  readonly version: string;
  /** Labels the records: one classification for each, in order. Rejects with the signal's reason when aborted. */
  classify(records: readonly LogRecord[]): Promise<Classification[]>;
}

/** The product: log records in, labels out. Knows nothing of HTTP, CSV or files. */
export interface Classifier {
  session(options?: ClassifyOptions): ClassifierSession;
  /** A session of a single part. */
  classify(records: readonly LogRecord[], options?: ClassifyOptions): Promise<Classification[]>;
  /** Ends worker threads and file watches. Work still under way is let go of. */
  close(): Promise<void>;
}

/** What this product needs of a logger: pino's shape, object first and a fixed message second. */
export interface Logger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
