import type { Classification } from '../classifier/types.js';
import type { TableLayout } from '../formats/csv/layout.js';
import type { RowChunk } from '../formats/csv/reader.js';
import { createTableWriter } from '../formats/csv/writer.js';
import { FIELD, type LogRecord } from '../log-record.js';
import type { Warning } from '../formats/warnings.js';

/** The detail columns of a CSV answer, in order. JSON results use the same names. */
const DETAIL_COLUMNS = ['tier', 'confidence', 'rule', 'note'] as const;

/** Formats an answer piece by piece. The answer is the concatenation of the returned texts. */
export interface AnswerWriter<Chunk> {
  readonly mediaType: string;
  /** Returns the text before the first chunk. Call it once. */
  begin(): string;
  /**
   * Returns the text of one chunk. Call it in the order of the input.
   * @param results one for each record of the chunk, in order
   */
  chunk(chunk: Chunk, results: readonly Classification[]): string;
  /** Returns the text after the last chunk. Call it once. */
  end(warnings: readonly Warning[]): string;
}

/**
 * Creates a writer for a CSV answer: the table of the input with the column target_label.
 * @param details adds the columns tier, confidence, rule and note
 */
export function csvAnswer(
  layout: TableLayout,
  details: boolean,
): AnswerWriter<Pick<RowChunk, 'rows' | 'rawRows'>> {
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

/** Creates a writer for a CSV answer to JSON records, with the columns source, log_message and target_label. */
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
      writer.chunk({ rows: records.map(({ source, message }) => [source, message]), rawRows: [] }, results),
  };
}

/** Creates a writer for `{ "results": [...], "warnings": [...] }` with one result for each record, in order. */
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
