/** One log line, and the system that wrote it. */
export interface LogRecord {
  readonly source: string;
  readonly message: string;
}

/** The names of a record's fields, and of its label, as CSV columns and as JSON fields. */
export const FIELD = { source: 'source', message: 'log_message', label: 'target_label' } as const;

/** The columns of a CSV file of records. */
export const RECORD_COLUMNS = { required: [FIELD.source, FIELD.message], optional: [FIELD.label] } as const;
