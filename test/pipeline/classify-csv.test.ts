import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { classifyCsv } from '../../src/pipeline/classify-csv.js';
import { classifyLogs } from '../../src/pipeline/classify-logs.js';
import { Spool } from '../../src/pipeline/spool.js';
import type { ClassifierSession, LogRecord } from '../../src/classifier/types.js';
import { chunked } from '../csv/support.js';

/** Labels everything alike and notes how many records came at once. */
function countingSession() {
  const sizes: number[] = [];
  const session: ClassifierSession = {
    version: 'counting',
    classify: (records) => {
      sizes.push(records.length);
      return Promise.resolve(records.map(() => ({ label: 'L', tier: 'rule', confidence: 1 })));
    },
  };
  return { session, sizes };
}

it('ends the upload when not even the header of the answer can be written', async () => {
  const rows = Buffer.from(`source,log_message\n${'a,b\n'.repeat(100_000)}`);
  const upload = chunked(rows);
  const openFile = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  const spool = new Spool({ dir: tmpdir(), memoryBytes: 0, openFile });
  const job = { charset: undefined, maxCellChars: 100, format: 'csv', details: false } as const;
  const { session } = countingSession();
  await expect(classifyCsv({ ...job, bytes: upload.bytes, session, spool })).rejects.toMatchObject({
    code: 'disk_full',
  });
  expect(upload.ended).toBe(true);
});

it.each([
  ['rows', 1_200, 10, [500, 500, 200]],
  ['characters', 5, 100_000, [2, 2, 1]],
])('hands logs over in chunks of few %s', async (_, count, chars, expected) => {
  const records: LogRecord[] = Array.from({ length: count }, () => ({
    source: 'A',
    message: 'x'.repeat(chars),
  }));
  const { session, sizes } = countingSession();
  const { rows } = await classifyLogs({ records, session, format: 'json', details: false });
  expect([rows, sizes]).toEqual([count, expected]);
});
