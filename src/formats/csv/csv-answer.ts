import { FIELD } from '../../log-record.js';
import type { AnswerWriter } from '../format.js';
import { DETAIL_COLUMNS, detailCells } from '../label-details.js';
import type { CsvChunk } from './chunks.js';
import type { TableLayout } from './layout.js';
import { createTableWriter } from './writer.js';

/**
 * Creates a writer for a CSV answer: the table of the input with the column target_label.
 * @param details adds the columns tier, confidence, rule and note
 */
export function createCsvAnswer(
  layout: TableLayout,
  details: boolean,
): AnswerWriter<Pick<CsvChunk, 'records' | 'rows' | 'rawRows'>> {
  const writer = createTableWriter(layout, [FIELD.label, ...(details ? DETAIL_COLUMNS : [])]);
  return {
    mediaType: 'text/csv; charset=utf-8',
    begin: () => writer.header(),
    chunk: (chunk, labels) =>
      writer.rows(
        chunk,
        labels.map((label) => (details ? [label.label, ...detailCells(label)] : [label.label])),
      ),
    end: () => '',
  };
}
