import type { LogRecord } from '../classifier/types.js';
import type { RowChunk } from '../csv/reader.js';
import { CHUNK_CHARS, CHUNK_ROWS, labelRows, type Answer, type RowJob } from './label-rows.js';

const layout = {
  header: ['source', 'log_message'],
  delimiter: ',',
  newline: '\n' as const,
  bom: false,
  sourceIndex: 0,
  messageIndex: 1,
  labelIndex: -1,
};

/** Logs that are in memory anyway and what is to be done with them. */
export interface LogsJob extends Pick<RowJob, 'session' | 'format' | 'details'> {
  records: readonly LogRecord[];
}

/** Classifies logs; the answer is small enough to be a string. */
export async function classifyLogs({ records, ...job }: LogsJob): Promise<Answer & { text: string }> {
  const pieces: string[] = [];
  const answer = await labelRows(
    { ...job, layout, chunks: inChunks(records), blankLines: () => 0 },
    (piece) => void pieces.push(piece),
  );
  return { ...answer, text: pieces.join('') };
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
