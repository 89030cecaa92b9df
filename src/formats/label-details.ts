import type { LabelConfidence, LogRecord, RecordLabel } from '../log-record.js';

/** The detail columns of a CSV answer, in order. JSON uses the same names. */
export const DETAIL_COLUMNS = ['tier', 'confidence', 'rule', 'note'] as const;

/** The column of a CSV answer with the likeliest labels. JSON uses the same name. */
export const TOP_COLUMN = 'top';

/** Returns the cell of the column `top`: the likeliest labels with their confidences, such as `Error 0.93; User Action 0.04`. */
export function topCell({ top = [] }: RecordLabel): string {
  return top.map(({ label, confidence }) => `${label} ${rounded(confidence)}`).join('; ');
}

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
  top?: LabelConfidence[];
  level?: string;
}

/** Returns the label of a record for JSON. Fields without a value are missing. */
export function jsonLabel(
  { label, tier, confidence, rule, note, top }: RecordLabel,
  record: Pick<LogRecord, 'level'>,
): JsonLabel {
  return {
    target_label: label,
    tier,
    confidence: confidence === null ? null : rounded(confidence),
    ...(rule === undefined ? {} : { rule }),
    ...(note === undefined ? {} : { note }),
    ...(top === undefined ? {} : { top: top.map(roundedLabel) }),
    ...(record.level === undefined ? {} : { level: record.level }),
  };
}

/** Rounds the confidence of a label. */
export function roundedLabel({ label, confidence }: LabelConfidence): LabelConfidence {
  return { label, confidence: rounded(confidence) };
}

/** Rounds a confidence to four digits. More would claim a precision that calibration does not have. */
export function rounded(confidence: number): number {
  return Math.round(confidence * 10_000) / 10_000;
}
