import { FIELD } from '../../log-record.js';
import type { AnswerWriter } from '../format.js';
import { jsonLabel } from '../label-details.js';

/** Creates a writer for `{ "results": [...], "warnings": [...] }` with one result for each record, in order. */
export function resultsAnswer(): AnswerWriter {
  let separator = '';
  return {
    mediaType: 'application/json; charset=utf-8',
    begin: () => '{"results":[',
    chunk({ records }, labels) {
      if (records.length === 0) return '';
      const results = records.map((record, i) => {
        const label = labels[i];
        return label ? JSON.stringify(jsonLabel(label, record)) : 'null';
      });
      const text = separator + results.join(',');
      separator = ',';
      return text;
    },
    end: (warnings) => `],"warnings":${JSON.stringify(warnings)}}`,
  };
}

/** Creates a writer for NDJSON: a line for each record with source, message, label and details. */
export function ndjsonAnswerOfRecords(): AnswerWriter {
  return {
    mediaType: 'application/x-ndjson; charset=utf-8',
    begin: () => '',
    chunk({ records }, labels) {
      let text = '';
      records.forEach((record, i) => {
        const label = labels[i];
        if (!label) return;
        const fields = { [FIELD.source]: record.source, [FIELD.message]: record.message };
        text += `${JSON.stringify({ ...fields, ...jsonLabel(label, record) })}\n`;
      });
      return text;
    },
    end: () => '',
  };
}
