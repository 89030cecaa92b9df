import type { LogRecord, RecordLabel } from '../log-record.js';

/** The detail columns of a CSV answer, in order. JSON uses the same names. */
export const DETAIL_COLUMNS = ['tier', 'confidence', 'rule', 'note'] as const;

/** Returns the cells of the detail columns; empty for what a label does not have. */
export function detailCells({ tier, confidence, rule, note }: RecordLabel): string[] {
  return [tier, confidence === null ? '' : String(rounded(confidence)), rule ?? '', note ?? ''];
}

/** The label of a record as a JSON object, with its details and the level of the record. */
export interface JsonLabel {
  target_label: string;
  tier: string;
  confidence: number | null;
  rule?: string;
  note?: string;
  level?: string;
}

/** Returns the label of a record for JSON. Fields without a value are missing. */
export function jsonLabel(
  { label, tier, confidence, rule, note }: RecordLabel,
  record: LogRecord,
): JsonLabel {
  return {
    target_label: label,
    tier,
    confidence: confidence === null ? null : rounded(confidence),
    ...(rule === undefined ? {} : { rule }),
    ...(note === undefined ? {} : { note }),
    ...(record.level === undefined ? {} : { level: record.level }),
  };
}

/** Rounds a confidence to four digits. More would claim a precision that calibration does not have. */
function rounded(confidence: number): number {
  return Math.round(confidence * 10_000) / 10_000;
}
