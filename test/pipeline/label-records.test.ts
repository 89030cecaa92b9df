import { expect, it } from 'vitest';
import type { ClassifierSession } from '../../src/classifier/types.js';
import type { LogRecord } from '../../src/log-record.js';
import type { AnswerWriter } from '../../src/pipeline/answer-writers.js';
import { CHUNK_CHARS, CHUNK_RECORDS, labelRecords } from '../../src/pipeline/label-records.js';
import { mostInOneTurn, turnCounter } from '../support/turn-counter.js';

/** Writes the number of results of each chunk. */
const counts: AnswerWriter<LogRecord[]> = {
  mediaType: 'text/counts',
  begin: () => 'begin',
  chunk: (chunk, results) => `${chunk.length}/${results.length}`,
  end: (warnings) => `end ${warnings.length}`,
};
const log: LogRecord = { source: 'A', message: 'b' };
const shared = { recordsOf: (chunk: LogRecord[]) => chunk, writer: counts };

/** Returns the same label for every record; every second one has the note llm-unavailable. */
const session: ClassifierSession = {
  version: 'test',
  classify: (records) =>
    Promise.resolve(
      records.map((_, i) => ({
        label: 'L',
        tier: 'embedding',
        confidence: 1,
        ...(i % 2 === 0 ? {} : { note: 'llm-unavailable' }),
      })),
    ),
};

it('counts records and warnings over all chunks, and writes begin, chunks and end in order', async () => {
  let blankLines = 0;
  const chunks = function* () {
    yield* [4, 3].map((count) => Array<LogRecord>(count).fill(log));
    blankLines = 2;
  };
  const job = { ...shared, chunks: chunks(), session, blankLines: () => blankLines };
  const pieces: string[] = [];
  const { records, warnings, mediaType } = await labelRecords(job, (piece) => void pieces.push(piece));
  expect([records, mediaType]).toEqual([7, 'text/counts']);
  expect(pieces).toEqual(['begin', '4/4', '3/3', 'end 2']);
  expect(warnings.map(({ code, count }) => [code, count])).toEqual([
    ['llm-unavailable', 3],
    ['blank-lines', 2],
  ]);
  for (const { message } of warnings) expect(message).toMatch(/^[A-Z].*\.$/);
});

/** Labels `count` chunks of these records. Returns the largest number of chunks that began in one turn. */
async function mostLabelledInOneTurn(count: number, records: LogRecord[]): Promise<number> {
  const { turn, stop } = turnCounter();
  const labelledIn: number[] = [];
  const noting: ClassifierSession = {
    version: 'test',
    classify: (records) => {
      labelledIn.push(turn());
      return session.classify(records);
    },
  };
  const chunks = Array.from({ length: count }, () => records);
  await labelRecords({ ...shared, chunks, session: noting, blankLines: () => 0 }, () => undefined);
  stop();
  expect(labelledIn).toHaveLength(count);
  return mostInOneTurn(labelledIn);
}

it.each([
  ['of as many records as a chunk may have', 1, Array<LogRecord>(CHUNK_RECORDS).fill(log)],
  ['of as many characters as a chunk may have', 1, [{ source: 'A', message: 'b'.repeat(CHUNK_CHARS) }]],
  ['of half as many records', 2, Array<LogRecord>(CHUNK_RECORDS / 2).fill(log)],
  ['of a tenth as many records', 10, Array<LogRecord>(CHUNK_RECORDS / 10).fill(log)],
])(
  'of chunks %s, which wait for nothing, it labels no more than %i in a turn of the event loop',
  async (_, most, records) => {
    const inOneTurn = await mostLabelledInOneTurn(4 * most, records);
    // A turn as counted by the test may include the end of one turn and the beginning of the next.
    expect(inOneTurn).toBeGreaterThanOrEqual(most);
    expect(inOneTurn).toBeLessThanOrEqual(2 * most);
  },
);
