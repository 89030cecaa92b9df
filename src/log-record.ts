/** One log line and the system that wrote it. */
export interface LogRecord {
  readonly source: string;
  readonly message: string;
}

/** The names of a record's fields and of its label, in CSV columns and in JSON. */
export const FIELD = { source: 'source', message: 'log_message', label: 'target_label' } as const;
