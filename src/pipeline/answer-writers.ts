import type { Classification } from '../classifier/types.js';
import type { TableLayout } from '../formats/csv/layout.js';
import type { RowChunk } from '../formats/csv/reader.js';
import { createTableWriter } from '../formats/csv/writer.js';
import { FIELD, type LogRecord } from '../log-record.js';
import type { Warning } from './warnings.js';

/** The detail columns of a CSV answer, in order. The fields of a JSON result have the same names. */
const DETAIL_COLUMNS = ['tier', 'confidence', 'rule', 'note'] as const;

/** Writes an answer as text, piece by piece, from chunks of an input. */
export interface AnswerWriter<Chunk> {
  readonly mediaType: string;
  begin(): string;
  /** @param results one for each record of the chunk, in order */
  chunk(chunk: Chunk, results: readonly Classification[]): string;
  end(warnings: readonly Warning[]): string;
}

/**
 * Writes a CSV: the input's own table with the column target_label.
 * @param details adds the columns tier, confidence, rule and note
 */
export function csvAnswer(
  layout: TableLayout,
  details: boolean,
): AnswerWriter<Pick<RowChunk, 'rows' | 'plain'>> {
  const writer = createTableWriter(layout, [FIELD.label, ...(details ? DETAIL_COLUMNS : [])]);
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
    begin: () => writer.header(),
    chunk: (chunk, results) => writer.rows(chunk, results.map(cells)),
    end: () => '',
  };
}

/** Writes records that came without a table as a CSV with the columns source, log_message and target_label. */
export function csvAnswerOfRecords(details: boolean): AnswerWriter<readonly LogRecord[]> {
  const layout = {
    header: [FIELD.source, FIELD.message],
    delimiter: ',',
    newline: '\n',
    bom: false,
  } as const;
  const writer = csvAnswer({ ...layout, header: [...layout.header] }, details);
  return {
    ...writer,
    chunk: (records, results) =>
      writer.chunk({ rows: records.map(({ source, message }) => [source, message]), plain: [] }, results),
  };
}

/** Writes `{ "results": [...], "warnings": [...] }`, one result for each record, in order. */
export function jsonAnswer(): AnswerWriter<unknown> {
  let separator = '';
  return {
    mediaType: 'application/json; charset=utf-8',
    begin: () => '{"results":[',
    chunk: (_, results) => {
      if (results.length === 0) return '';
      const text = separator + results.map((result) => JSON.stringify(toJsonResult(result))).join(',');
      separator = ',';
      return text;
    },
    end: (warnings) => `],"warnings":${JSON.stringify(warnings)}}`,
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

/** Rounds a confidence to four digits. More would claim a precision that calibration does not have. */
function round(confidence: number): number {
  return Math.round(confidence * 10_000) / 10_000;
}
