import { expect, it } from 'vitest';
import type { Classification, ClassifierSession } from '../../src/classifier/types.js';
import type { AnswerWriter } from '../../src/formats/format.js';
import { SkippedRecords } from '../../src/formats/format.js';
import type { LogRecord } from '../../src/log-record.js';
import { CHUNK_CHARS, CHUNK_RECORDS, labelInput } from '../../src/pipeline/label-input.js';
import { fakeInput } from '../support/fake-input.js';
import { mostInOneTurn, turnCounter } from '../support/turn-counter.js';

/** Writes the number of labels of each chunk. */
const writer: AnswerWriter = {
  mediaType: 'text/counts',
  begin: () => 'begin',
  chunk: ({ records }, labels) => `${records.length}/${labels.length}`,
  end: (warnings) => `end ${warnings.length}`,
};
const log: LogRecord = { source: 'A', message: 'b' };

/** Returns the same label for every record; every second one has the note llm-unavailable; empty ones have no tier. */
const session: ClassifierSession = {
  version: 'test',
  classify: (records) =>
    Promise.resolve(
      records.map(({ message }, i): Classification => ({
        label: 'L',
        tier: message === '' ? 'none' : 'embedding',
        confidence: 1,
        ...(i % 2 === 0 ? {} : { note: 'llm-unavailable' }),
      })),
    ),
};

it('counts records and warnings over all chunks, and writes begin, chunks and end in order', async () => {
  const skipped = new SkippedRecords();
  const counts = { blankLines: 0, overwrittenLabels: 4, skipped };
  const chunks = function* () {
    yield* [4, 3].map((count) => Array<LogRecord>(count).fill(log));
    yield [{ source: 'A', message: '' }];
    counts.blankLines = 2;
    skipped.add(7, 'why');
  };
  const pieces: string[] = [];
  const input = { ...fakeInput(chunks()), counts };
  const inputWarnings = () => ({ 'encoding-guessed': 'windows-1251' });
  const { records, warnings, mediaType } = await labelInput(
    { input, session, writer, inputWarnings },
    (piece) => void pieces.push(piece),
  );
  expect([records, mediaType]).toEqual([8, 'text/counts']);
  expect(pieces).toEqual(['begin', '4/4', '3/3', '1/1', 'end 6']);
  expect(warnings.map(({ code, count, value }) => [code, value ?? count])).toEqual([
    ['llm-unavailable', 3],
    ['blank-lines', 2],
    ['rows-skipped', 1],
    ['encoding-guessed', 'windows-1251'],
    ['empty-messages', 1],
    ['target-label-overwritten', 4],
  ]);
  for (const { message } of warnings) expect(message).toMatch(/^[A-Z\d].*\.$/);
});

it('counts the messages of which the embedding tier read only parts', async () => {
  const long = 'word '.repeat(1_000);
  const records = [long, JSON.stringify({ dump: long, msg: 'Disk full' }), 'short', long].map((message) => ({
    source: 'A',
    message,
  }));
  const byRule: ClassifierSession = {
    version: 'test',
    classify: () =>
      Promise.resolve(
        records.map((_, i) => ({ label: 'L', tier: i === 3 ? 'rule' : 'embedding', confidence: 1 })),
      ),
  };
  const { warnings } = await labelInput(
    { input: fakeInput([records]), session: byRule, writer },
    () => undefined,
  );
  expect(warnings).toMatchObject([{ code: 'message-cut', count: 1 }]);
});

it.each([
  ['the start of the answer cannot be written', true],
  ['everything is written', false],
])('closes the input when %s', async (_, fails) => {
  const input = fakeInput([[log]]);
  const write = () => (fails ? Promise.reject(new Error('full')) : undefined);
  const work = labelInput({ input, session, writer }, write);
  await (fails ? expect(work).rejects.toThrow('full') : work);
  expect(input.closed).toBe(true);
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
  await labelInput({ input: fakeInput(chunks), session: noting, writer }, () => undefined);
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
