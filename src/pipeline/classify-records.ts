import type { LogRecord } from '../log-record.js';
import { csvAnswerOfRecords, jsonAnswer } from './answer-writers.js';
import {
  CHUNK_CHARS,
  CHUNK_RECORDS,
  labelRecords,
  type AnswerInfo,
  type AnswerOptions,
} from './label-records.js';

/** Records in memory and how to label them. */
export interface RecordsJob extends AnswerOptions {
  records: readonly LogRecord[];
}

/**
 * Classifies records and writes the complete answer into the spool. The caller discards the spool on failure.
 * @throws AppError when the spool cannot hold the answer
 * @throws what the session throws
 */
export function classifyRecords({
  records,
  session,
  format,
  details,
  spool,
}: RecordsJob): Promise<AnswerInfo> {
  return labelRecords<LogRecord[]>(
    {
      chunks: inChunks(records),
      recordsOf: (chunk) => chunk,
      session,
      writer: format === 'csv' ? csvAnswerOfRecords(details) : jsonAnswer(),
      blankLines: () => 0,
    },
    (piece) => spool.write(piece),
  );
}

function* inChunks(records: readonly LogRecord[]): Generator<LogRecord[]> {
  let chunk: LogRecord[] = [];
  let chars = 0;
  for (const record of records) {
    chunk.push(record);
    chars += record.source.length + record.message.length;
    if (chunk.length < CHUNK_RECORDS && chars < CHUNK_CHARS) continue;
    yield chunk;
    chunk = [];
    chars = 0;
  }
  if (chunk.length > 0) yield chunk;
}
