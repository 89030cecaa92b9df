import type { LogRecord } from '../log-record.js';

export type { LogRecord };

/** What labelled a line: a correction, the LLM, a rule, or encoder and head; `none` if the message is empty. */
export type Tier = 'corrected' | 'llm' | 'rule' | 'embedding' | 'none';

/**
 * Why a label may be worse than usual. `low-confidence`: the confidence is below the head's threshold.
 * `unfamiliar`: most words of the line are unknown to the head, and the confidence is too low for such a line.
 * `llm-unavailable`: the line's source belongs to the LLM, but the LLM gave no label, so rules or embedding labelled it.
 */
export type Note = 'low-confidence' | 'unfamiliar' | 'llm-unavailable';

/** The label of one record, with its tier and confidence. Several records may share one object. */
export interface Classification {
  readonly label: string;
  readonly tier: Tier;
  /** 1 for a correction or a rule, null for the LLM and for tier `none`, the calibrated probability (0 to 1) for the embedding tier. */
  readonly confidence: number | null;
  /** The id of the rule that matched. Set for tier `rule` only. */
  readonly rule?: string;
  readonly note?: Note;
}

/** Queued `interactive` work is encoded before queued `bulk` work. Sessions of equal priority take turns. */
export type Priority = 'interactive' | 'bulk';

/** Options of a session. */
export interface ClassifyOptions {
  /** Cancels queued work. An inference that already runs is not interrupted. */
  signal?: AbortSignal;
  /** Priority in the encoder's queue. Default: `bulk`. */
  priority?: Priority;
  /** Whether the LLM may be asked. If false, rules and the embedding tier label all records. Default: true. */
  llm?: boolean;
}

/**
 * Classifies the records of one request, in one or more calls. All calls use the same corrections, rules and head. They share one
 * LLM deadline and one upper bound on LLM requests.
 */
export interface ClassifierSession {
  /** Identifies the head, rules, labels and encoder of the session: 16 hex digits. */
  readonly version: string;
  /** Identifies the corrections of the session: 16 hex digits. Missing if there are none. */
  readonly corrections?: string | undefined;
  /** Returns one classification per record, in order. Rejects with the signal's reason when aborted. */
  classify(records: readonly LogRecord[]): Promise<Classification[]>;
}

/** Labels log records. Independent of HTTP, CSV and files. */
export interface Classifier {
  /** Starts a session with the current snapshot. */
  session(options?: ClassifyOptions): ClassifierSession;
  /** Classifies records in a session of their own. */
  classify(records: readonly LogRecord[], options?: ClassifyOptions): Promise<Classification[]>;
  /** Stops worker threads and file watchers. Running inferences end first; queued work fails. */
  close(): Promise<void>;
}

/** The subset of pino's logger that the classifier uses: details first, then a fixed message. */
export interface Logger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
