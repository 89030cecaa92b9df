import type { LabelConfidence, LogRecord } from '../log-record.js';
import type { Correction } from './corrections/correction.js';
import type { HeadExplanation } from './embedding/head-explanation.js';
import type { LlmPreview } from './llm/llm-preview.js';

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
  /**
   * 1 for a correction or a rule, null for the LLM and for tier `none`, the calibrated probability (0 to 1) for the embedding
   * tier.
   */
  readonly confidence: number | null;
  /** The id of the rule that matched. Set for tier `rule` only. */
  readonly rule?: string;
  readonly note?: Note;
  /**
   * The likeliest labels with their confidences, the likeliest first, also if the label is withheld. Set for the embedding
   * tier only, in sessions with the option `top`.
   */
  readonly top?: readonly LabelConfidence[];
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
  /** How many of the likeliest labels the embedding tier names, 1 to 10. Default: none. */
  top?: number;
}

/**
 * Classifies the records of one request, in one or more calls. All calls use the same corrections, rules and head. They
 * share one LLM deadline and one upper bound on LLM requests.
 */
export interface ClassifierSession {
  /** Identifies the head, rules, labels and encoder of the session: 16 hex digits. */
  readonly version: string;
  /** Identifies the corrections of the session: 16 hex digits. Missing if there are none. */
  readonly corrections?: string | undefined;
  /** Returns one classification per record, in order. Rejects with the signal's reason when aborted. */
  classify(records: readonly LogRecord[]): Promise<Classification[]>;
}

/** The part of a text that a rule matches. */
export interface RuleMatch {
  readonly id: string;
  readonly pattern: string;
  readonly label: string;
  /** The text that the rule was tried on: the message, or the text wrapped in it (`wrappedMessage`). */
  readonly matchedIn: 'message' | 'wrapped-message';
  readonly text: string;
  /** Where the part begins and ends (exclusive) in that text, in UTF-16 code units, as JavaScript counts them. */
  readonly start: number;
  readonly end: number;
}

/** How the embedding tier came to the label of a template. */
export interface EmbeddingExplanation extends HeadExplanation {
  readonly template: string;
}

/** How rules and embedding tier came to a label. One of `rule` and `embedding` is set. */
export interface LocalExplanation {
  readonly classification: Classification;
  /** The text of the message that the line wraps in JSON, in pairs or behind a prefix. Missing if it wraps none. */
  readonly wrappedMessage?: string;
  readonly rule?: RuleMatch;
  readonly embedding?: EmbeddingExplanation;
}

/** How the label of a record comes about. */
export interface Explanation {
  /** The version of the classifier, as sessions have it. */
  readonly version: string;
  /** The revision of the corrections, as sessions have it. */
  readonly corrections?: string | undefined;
  /** What `classify` gives. Undefined if the LLM has to be asked first: explaining does not ask it. */
  readonly classification: Classification | undefined;
  /** The correction that gave the label. */
  readonly correction?: Correction;
  /** What the LLM gets to see. Set if the source is one of LLM_SOURCES, and no correction gave the label. */
  readonly llm?: LlmPreview;
  /** What rules and embedding tier say. Missing if the message is empty. */
  readonly local?: LocalExplanation;
}

/** Options of an explanation. */
export type ExplainOptions = Pick<ClassifyOptions, 'signal' | 'priority'>;

/** Labels log records. Independent of HTTP, CSV and files. */
export interface Classifier {
  /** Starts a session with the current snapshot. */
  session(options?: ClassifyOptions): ClassifierSession;
  /** Classifies records in a session of their own. */
  classify(records: readonly LogRecord[], options?: ClassifyOptions): Promise<Classification[]>;
  /** Returns how the label of a record comes about with the current snapshot. Sends nothing to the LLM. */
  explain(record: LogRecord, options?: ExplainOptions): Promise<Explanation>;
  /** Stops worker threads and file watchers. Running inferences end first; queued work fails. */
  close(): Promise<void>;
}

/** The subset of pino's logger that the classifier uses: details first, then a fixed message. */
export interface Logger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
