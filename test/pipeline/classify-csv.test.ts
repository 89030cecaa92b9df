import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { classifyCsv } from '../../src/pipeline/classify-csv.js';
import { classifyRecords } from '../../src/pipeline/classify-records.js';
import { Spool } from '../../src/pipeline/spool.js';
import type { ClassifierSession, LogRecord } from '../../src/classifier/types.js';
import { chunked } from '../formats/csv/support.js';
import { largeQuota, readAll } from '../support/spools.js';

/** Returns the same label for every record and notes the sizes of the chunks. */
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

it('decodes an upload by its charset, and counts the blank lines that it skips', async () => {
  const { bytes } = chunked(Buffer.from('source,log_message\nA,caf\xc3\xa9\n\n\nB,b\n', 'latin1'));
  const spool = new Spool({ dir: tmpdir(), memoryBytes: 1_000, quota: largeQuota() });
  const job = { maxCellChars: 100, format: 'csv', details: false } as const;
  const { session } = countingSession();
  const answer = await classifyCsv({ ...job, bytes, charset: 'windows-1252', session, spool });
  expect(answer).toMatchObject({ records: 2, warnings: [{ code: 'blank-lines', count: 2 }] });
  expect(await readAll(spool)).toBe('source,log_message,target_label\nA,cafÃ©,L\nB,b,L\n');
});

it('takes source and message from their columns, in any order of columns', async () => {
  const { bytes } = chunked(Buffer.from('id,LOG_MESSAGE, source\n1,message,A\n'));
  const spool = new Spool({ dir: tmpdir(), memoryBytes: 1_000, quota: largeQuota() });
  const asked: LogRecord[] = [];
  const session: ClassifierSession = {
    version: 'noting',
    classify: (records) => {
      asked.push(...records);
      return Promise.resolve(records.map(() => ({ label: 'L', tier: 'rule', confidence: 1 })));
    },
  };
  const job = { maxCellChars: 100, format: 'json', details: false, charset: undefined } as const;
  await classifyCsv({ ...job, bytes, session, spool });
  expect(asked).toEqual([{ source: 'A', message: 'message' }]);
});

it('labels an upload in chunks of few rows, and refuses a cell over the limit', async () => {
  const csv = `source,log_message\n${'A,b\n'.repeat(1_200)}A,${'x'.repeat(101)}\n`;
  const spool = new Spool({ dir: tmpdir(), memoryBytes: 1_000_000, quota: largeQuota() });
  const { session, sizes } = countingSession();
  const job = { charset: undefined, format: 'csv', details: false, session, spool } as const;
  const bytes = () => chunked(Buffer.from(csv)).bytes;
  await classifyCsv({ ...job, bytes: bytes(), maxCellChars: 101 });
  expect(sizes).toEqual([500, 500, 201]);
  await expect(classifyCsv({ ...job, bytes: bytes(), maxCellChars: 100 })).rejects.toMatchObject({
    code: 'cell_too_large',
    place: { line: 1202 },
  });
});

it('closes the upload when the header of the answer cannot be written', async () => {
  const rows = Buffer.from(`source,log_message\n${'a,b\n'.repeat(100_000)}`);
  const upload = chunked(rows);
  const openFile = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  const spool = new Spool({ dir: tmpdir(), memoryBytes: 0, quota: largeQuota(), openFile });
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
  const spool = new Spool({ dir: tmpdir(), memoryBytes: 1e6, quota: largeQuota() });
  const answer = await classifyRecords({ records, session, spool, format: 'json', details: false });
  expect([answer.records, sizes]).toEqual([count, expected]);
});

it('makes no empty chunk after full chunks, and none for no logs', async () => {
  const { session, sizes } = countingSession();
  const log = { source: 'A', message: 'b' };
  const spool = new Spool({ dir: tmpdir(), memoryBytes: 1e6, quota: largeQuota() });
  const job = { session, spool, format: 'json', details: false } as const;
  await classifyRecords({ ...job, records: Array<LogRecord>(1_000).fill(log) });
  await classifyRecords({ ...job, records: [] });
  expect(sizes).toEqual([500, 500]);
});

it('returns logs as labelled rows of a CSV, whatever characters they contain', async () => {
  const { session } = countingSession();
  const records = [
    { source: 'A', message: 'one, "two"' },
    { source: 'B', message: 'three' },
  ];
  const spool = new Spool({ dir: tmpdir(), memoryBytes: 1e6, quota: largeQuota() });
  const answer = await classifyRecords({ records, session, spool, format: 'csv', details: false });
  expect(await readAll(spool)).toBe('source,log_message,target_label\nA,"one, ""two""",L\nB,three,L\n');
  expect(answer).toMatchObject({ records: 2, warnings: [], mediaType: 'text/csv; charset=utf-8' });
});
