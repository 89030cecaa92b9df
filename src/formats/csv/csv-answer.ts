import { FIELD } from '../../log-record.js';
import type { AnswerStyle, AnswerWriter } from '../format.js';
import { DETAIL_COLUMNS, detailCells, TOP_COLUMN, topCell } from '../label-details.js';
import type { CsvChunk } from './chunks.js';
import type { TableLayout } from './layout.js';
import { createTableWriter } from './writer.js';

/**
 * Creates a writer for a CSV answer: the table of the input with the column target_label.
 * @param style with details, the columns tier, confidence, rule and note are added; with top, the column top
 */
export function createCsvAnswer(
  layout: TableLayout,
  { details, top = false }: Pick<AnswerStyle, 'details' | 'top'>,
): AnswerWriter<Pick<CsvChunk, 'records' | 'rows' | 'rawRows'>> {
  const writer = createTableWriter(layout, [
    FIELD.label,
    ...(details ? DETAIL_COLUMNS : []),
    ...(top ? [TOP_COLUMN] : []),
  ]);
  return {
    mediaType: 'text/csv; charset=utf-8',
    begin: () => writer.header(),
    chunk: (chunk, labels) =>
      writer.rows(
        chunk,
        labels.map((label) => {
          const cells = details ? [label.label, ...detailCells(label)] : [label.label];
          if (top) cells.push(topCell(label));
          return cells;
        }),
      ),
    end: () => '',
  };
}
