import { openCsv, type CsvChunk } from '../formats/csv/csv-input.js';
import { KNOWN_FIELDS } from '../formats/fields.js';
import { openText } from '../text/open-text.js';
import { csvAnswer, jsonAnswer } from './answer-writers.js';
import {
  CHUNK_CHARS,
  CHUNK_RECORDS,
  labelRecords,
  type AnswerInfo,
  type AnswerOptions,
} from './label-records.js';

/** A CSV upload and how to label it. */
export interface CsvJob extends AnswerOptions {
  /** Read no faster than the rows are classified. Always closed in the end. */
  bytes: AsyncIterable<Uint8Array>;
  charset: string | undefined;
  maxCellChars: number;
}

/**
 * Classifies a CSV upload and writes the complete answer into the spool. The caller discards the spool on failure.
 * @throws AppError when the upload is not a well-formed CSV with the required columns, or the spool cannot hold the
 *   answer
 * @throws the reason of the session's signal when the signal aborts
 */
export async function classifyCsv(job: CsvJob): Promise<AnswerInfo> {
  const { bytes, charset, maxCellChars, session, format, details, spool } = job;
  const { bom, text } = await openText(bytes, { charset });
  try {
    const table = await openCsv(text, {
      bom,
      fields: KNOWN_FIELDS,
      onError: 'fail',
      maxCellChars,
      chunkRecords: CHUNK_RECORDS,
      chunkChars: CHUNK_CHARS,
    });
    return await labelRecords<CsvChunk>(
      {
        chunks: table.chunks(),
        recordsOf: ({ records }) => [...records],
        session,
        writer: format === 'csv' ? csvAnswer(table.layout, details) : jsonAnswer(),
        blankLines: () => table.counts.blankLines,
      },
      (piece) => spool.write(piece),
    );
  } finally {
    // `chunks` closes the text too, but it never starts if writing the header fails.
    await text.return();
  }
}
