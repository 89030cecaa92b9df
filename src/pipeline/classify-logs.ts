import type { LogRecord } from '../classifier/types.js';
import type { RowChunk } from '../csv/reader.js';
import { CHUNK_CHARS, CHUNK_ROWS, labelRows, type Answer, type RowJob } from './label-rows.js';
import type { Spool } from './spool.js';

const layout = {
  header: ['source', 'log_message'],
  delimiter: ',',
  newline: '\n' as const,
  bom: false,
  sourceIndex: 0,
  messageIndex: 1,
  labelIndex: -1,
};

/** Logs that are in memory and what is to be done with them. */
export interface LogsJob extends Pick<RowJob, 'session' | 'format' | 'details'> {
  records: readonly LogRecord[];
  /** Where the answer goes. */
  spool: Spool;
}

/**
 * Classifies logs into the spool, where their answer then lies whole.
 * @throws what the session throws, and AppError when there is no room for the answer. The spool is the caller's
 * to discard.
 */
export function classifyLogs({ records, spool, ...job }: LogsJob): Promise<Answer> {
  return labelRows({ ...job, layout, chunks: inChunks(records), blankLines: () => 0 }, (piece) =>
    spool.write(piece),
  );
}

function* inChunks(records: readonly LogRecord[]): Generator<RowChunk> {
  let rows: string[][] = [];
  let chars = 0;
  for (const { source, message } of records) {
    rows.push([source, message]);
    chars += source.length + message.length;
    if (rows.length < CHUNK_ROWS && chars < CHUNK_CHARS) continue;
    yield { rows, plain: [] };
    rows = [];
    chars = 0;
  }
  if (rows.length > 0) yield { rows, plain: [] };
}
