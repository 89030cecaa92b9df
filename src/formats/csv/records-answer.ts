import { FIELD } from '../../log-record.js';
import type { AnswerStyle, AnswerWriter } from '../format.js';
import { DETAIL_COLUMNS, detailCells, TOP_COLUMN, topCell } from '../label-details.js';
import { createTableWriter } from './writer.js';

/**
 * Creates a writer for a CSV answer to records that did not come from a table: the columns source, log_message and
 * target_label, with details also the columns of the details and the level, with top the column of the likeliest labels.
 */
export function csvAnswerOfRecords({ details, top = false, bom }: AnswerStyle): AnswerWriter {
  const layout = {
    header: [FIELD.source, FIELD.message],
    isHeadless: false,
    delimiter: ',',
    newline: '\n',
    bom,
  } as const;
  const added = [FIELD.label, ...(details ? [...DETAIL_COLUMNS, 'level'] : []), ...(top ? [TOP_COLUMN] : [])];
  const writer = createTableWriter({ ...layout, header: [...layout.header] }, added);
  return {
    mediaType: 'text/csv; charset=utf-8',
    begin: () => writer.header(),
    chunk: ({ records }, labels) =>
      writer.rows(
        { rows: records.map(({ source, message }) => [source, message]), rawRows: [] },
        labels.map((label, i) => {
          const cells = details
            ? [label.label, ...detailCells(label), records[i]?.level ?? '']
            : [label.label];
          if (top) cells.push(topCell(label));
          return cells;
        }),
      ),
    end: () => '',
  };
}
