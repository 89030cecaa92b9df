import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ClassifierSession, LogRecord } from '../classifier/types.js';
import { csvFormat, jsonFormat } from './formats.js';
import { warningsOf, type Warning } from './warnings.js';

/** Records that go through at once; between two such pieces others get their turn. */
const PIECE = 500;

const layout = {
  header: ['source', 'log_message'],
  delimiter: ',',
  newline: '\n' as const,
  bom: false,
  sourceIndex: 0,
  messageIndex: 1,
  labelIndex: -1,
};

/** Classifies records that are in memory anyway; the answer is small enough to be a string. */
export async function classifyLogs(job: {
  records: readonly LogRecord[];
  session: ClassifierSession;
  format: 'csv' | 'json';
  details: boolean;
}): Promise<{ mediaType: string; text: string; rows: number; warnings: Warning[] }> {
  const { records, session } = job;
  const format = job.format === 'csv' ? csvFormat(layout, job.details) : jsonFormat();
  const pieces = [format.head()];
  let llmUnavailable = 0;
  for (let start = 0; start < records.length; start += PIECE) {
    const piece = records.slice(start, start + PIECE);
    await nextTurn();
    const results = await session.classify(piece);
    llmUnavailable += results.filter(({ note }) => note === 'llm-unavailable').length;
    pieces.push(
      format.rows(
        piece.map(({ source, message }) => [source, message]),
        results,
      ),
    );
  }
  const warnings = warningsOf({ 'llm-unavailable': llmUnavailable, 'blank-lines': 0 });
  pieces.push(format.tail(warnings));
  return { mediaType: format.mediaType, text: pieces.join(''), rows: records.length, warnings };
}
