import { expect, it } from 'vitest';
import { CHUNK_CHARS, CHUNK_ROWS, labelRows } from '../../src/pipeline/label-rows.js';
import type { ClassifierSession } from '../../src/classifier/types.js';

const layout = {
  header: ['source', 'log_message'],
  delimiter: ',' as const,
  newline: '\n' as const,
  bom: false,
  sourceIndex: 0,
  messageIndex: 1,
  labelIndex: -1,
};

/** Labels everything alike; every second row belongs to an LLM that cannot be asked. */
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

it('counts rows and warnings over all chunks, and writes head, rows and tail in order', async () => {
  const chunks = [4, 3].map((count) => ({
    rows: Array.from({ length: count }, () => ['A', 'b']),
    plain: Array.from({ length: count }, () => 'A,b'),
  }));
  let blankLines = 0;
  const read = function* () {
    yield* chunks;
    blankLines = 2;
  };
  const job = { layout, chunks: read(), session, details: false, blankLines: () => blankLines };
  const pieces: string[] = [];
  const { rows, warnings, mediaType } = await labelRows({ ...job, format: 'csv' }, (piece) => {
    pieces.push(piece);
  });
  expect([rows, mediaType]).toEqual([7, 'text/csv; charset=utf-8']);
  expect(pieces).toEqual(['source,log_message,target_label\n', 'A,b,L\n'.repeat(4), 'A,b,L\n'.repeat(3), '']);
  expect(warnings.map(({ code, count }) => [code, count])).toEqual([
    ['llm-unavailable', 3],
    ['blank-lines', 2],
  ]);
  for (const { message } of warnings) expect(message).toMatch(/^[A-Z].*\.$/);
});

it('asks for the columns where the layout has them, and for nothing where a row lacks them', async () => {
  const asked: unknown[] = [];
  const noting: ClassifierSession = {
    version: 'test',
    classify: (records) => {
      asked.push(...records);
      return session.classify(records);
    },
  };
  const chunks = [{ rows: [['x', 'message', 'source'], ['y']], plain: [undefined, undefined] }];
  const swapped = { ...layout, header: ['id', 'log_message', 'source'], sourceIndex: 2, messageIndex: 1 };
  const job = { layout: swapped, chunks, session: noting, details: false, blankLines: () => 0 };
  await labelRows({ ...job, format: 'json' }, () => undefined);
  expect(asked).toEqual([
    { source: 'source', message: 'message' },
    { source: '', message: '' },
  ]);
});

/** Counts how often the event loop turns, until it is stopped. */
function countTurns() {
  const state = { turns: 0, stop: () => void (running = false) };
  let running = true;
  const turn = (): void => {
    state.turns += 1;
    if (running) setImmediate(turn);
  };
  setImmediate(turn);
  return state;
}

/** Labels so many chunks of these rows, and gives the most of them that began in one turn of the event loop. */
async function mostInOneTurn(count: number, rows: string[][]): Promise<number> {
  const loop = countTurns();
  const labelledIn: number[] = [];
  const noting: ClassifierSession = {
    version: 'test',
    classify: (records) => {
      labelledIn.push(loop.turns);
      return session.classify(records);
    },
  };
  const chunks = Array.from({ length: count }, () => ({ rows, plain: rows.map((row) => row.join(',')) }));
  const job = { layout, chunks, session: noting, details: false, blankLines: () => 0 };
  await labelRows({ ...job, format: 'csv' }, () => undefined);
  loop.stop();
  const inOneTurn = new Map<number, number>();
  for (const turn of labelledIn) inOneTurn.set(turn, (inOneTurn.get(turn) ?? 0) + 1);
  expect(labelledIn).toHaveLength(count);
  return Math.max(...inOneTurn.values());
}

it.each([
  ['of as many rows as a chunk may have', 1, Array<string[]>(CHUNK_ROWS).fill(['A', 'b'])],
  ['of as many characters as a chunk may have', 1, [['A', 'b'.repeat(CHUNK_CHARS)]]],
  ['of half as many rows', 2, Array<string[]>(CHUNK_ROWS / 2).fill(['A', 'b'])],
  ['of a tenth as many rows', 10, Array<string[]>(CHUNK_ROWS / 10).fill(['A', 'b'])],
])(
  'of chunks %s, which wait for nothing, it labels no more than %i in a turn of the event loop',
  async (_, most, rows) => {
    const inOneTurn = await mostInOneTurn(4 * most, rows);
    // A turn as the test counts it may have the end of one and the beginning of the next.
    expect(inOneTurn).toBeGreaterThanOrEqual(most);
    expect(inOneTurn).toBeLessThanOrEqual(2 * most);
  },
);
