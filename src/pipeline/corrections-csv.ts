import type { Correction } from '../classifier/corrections/correction.js';
import { createTableWriter } from '../formats/csv/writer.js';
import { FIELD } from '../log-record.js';

/** Returns corrections as the CSV that training takes: source, message and label. */
export function correctionsCsv(corrections: readonly Correction[]): string {
  const header = [FIELD.source, FIELD.message];
  const layout = { header, isHeadless: false, delimiter: ',', newline: '\n', bom: false } as const;
  const writer = createTableWriter(layout, [FIELD.label]);
  const rows = corrections.map(({ source = '', message }) => [source, message]);
  return (
    writer.header() +
    writer.rows(
      { rows, rawRows: [] },
      corrections.map(({ label }) => [label]),
    )
  );
}
