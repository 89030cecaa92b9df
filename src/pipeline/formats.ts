import type { Classification } from '../classifier/types.js';
import type { RowChunk, TableLayout } from '../csv/reader.js';
import { createTableWriter } from '../csv/writer.js';
import type { Warning } from './warnings.js';

/** The detail columns of a CSV answer, in order; the fields of a JSON result have the same names. */
const DETAIL_COLUMNS = ['tier', 'confidence', 'rule', 'note'] as const;

/** How an answer is written down, piece by piece. */
export interface AnswerFormat {
  mediaType: string;
  head(): string;
  rows(chunk: RowChunk, results: readonly Classification[]): string;
  tail(warnings: readonly Warning[]): string;
}

/** The client's own table with `target_label`, and with the detail columns if asked for. */
export function csvFormat(layout: TableLayout, details: boolean): AnswerFormat {
  const writer = createTableWriter(layout, details ? DETAIL_COLUMNS : []);
  const cells = (result: Classification): string[] =>
    details
      ? [
          result.label,
          result.tier,
          result.confidence === null ? '' : String(round(result.confidence)),
          result.rule ?? '',
          result.note ?? '',
        ]
      : [result.label];
  return {
    mediaType: 'text/csv; charset=utf-8',
    head: () => writer.header(),
    rows: (chunk, results) => writer.rows(chunk, results.map(cells)),
    tail: () => '',
  };
}

/** One result as JSON answers carry it. */
function toJsonResult({ label, tier, confidence, rule, note }: Classification): object {
  return {
    target_label: label,
    tier,
    confidence: confidence === null ? null : round(confidence),
    ...(rule === undefined ? {} : { rule }),
    ...(note === undefined ? {} : { note }),
  };
}

/** `{ "results": [...], "warnings": [...] }`, a result for each row, in order. */
export function jsonFormat(): AnswerFormat {
  let separator = '';
  return {
    mediaType: 'application/json; charset=utf-8',
    head: () => '{"results":[',
    rows: (_, results) => {
      const text = results.map((result) => JSON.stringify(toJsonResult(result))).join(',');
      const piece = text === '' ? '' : separator + text;
      if (piece !== '') separator = ',';
      return piece;
    },
    tail: (warnings) => `],"warnings":${JSON.stringify(warnings)}}`,
  };
}

/** Four digits say all that a calibrated probability knows. */
function round(confidence: number): number {
  return Math.round(confidence * 10_000) / 10_000;
}
