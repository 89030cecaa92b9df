import { openText } from '../csv/decode.js';
import { openTable } from '../csv/reader.js';
import { CHUNK_CHARS, CHUNK_ROWS, labelRows, type Answer, type RowJob } from './label-rows.js';
import type { Spool } from './spool.js';

/** One upload and what is to be done with it. */
export interface CsvJob extends Pick<RowJob, 'session' | 'format' | 'details'> {
  /** The upload, taken as fast as it is classified and no faster; ended whatever happens. */
  bytes: AsyncIterable<Uint8Array>;
  charset: string | undefined;
  maxCellChars: number;
  /** Where the answer goes. */
  spool: Spool;
}

/**
 * Classifies a CSV upload into the spool, where its answer then lies whole.
 * @throws AppError when the upload is not a well-formed CSV with the columns needed, or the disk is full;
 *   the reason of the session's signal when that is aborted. The spool is the caller's to discard.
 */
export async function classifyCsv({ bytes, charset, maxCellChars, spool, ...job }: CsvJob): Promise<Answer> {
  const { bom, text } = await openText(bytes, { charset });
  try {
    const table = await openTable(text, {
      bom,
      maxCellChars,
      chunkRows: CHUNK_ROWS,
      chunkChars: CHUNK_CHARS,
    });
    return await labelRows(
      { ...job, layout: table.layout, chunks: table.chunks(), blankLines: () => table.blankLines },
      (piece) => spool.write(piece),
    );
  } finally {
    // The chunks end it too, but not when the header cannot be written: then they never began.
    await text.return();
  }
}
