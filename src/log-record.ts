/** One log line and the system that wrote it. */
export interface LogRecord {
  readonly source: string;
  readonly message: string;
  /** The level as the input states it, such as `ERROR` or `3`; missing if it states none. */
  readonly level?: string;
  /** The text of the record's own time field, as the input has it. `recordTime` parses it. */
  readonly time?: string;
  /** The record's own `target_label`, which the answer replaces; missing if it is blank. */
  readonly ownLabel?: string;
}

/** A record that a reader is still filling. */
export type UnfinishedRecord = { -readonly [Key in keyof LogRecord]: LogRecord[Key] };

/** The names of a record's fields and of its label, in CSV columns and in JSON. */
export const FIELD = { source: 'source', message: 'log_message', label: 'target_label' } as const;

/** The label of a record as answers show it. A `Classification` is one. */
export interface RecordLabel {
  readonly label: string;
  readonly tier: string;
  /** null if the tier has no confidence. */
  readonly confidence: number | null;
  /** The id of the rule that matched. */
  readonly rule?: string;
  readonly note?: string;
  /** The likeliest labels, the likeliest first, if the client asks for them. */
  readonly top?: readonly LabelConfidence[];
}

/** A label with its calibrated confidence. */
export interface LabelConfidence {
  readonly label: string;
  readonly confidence: number;
}
