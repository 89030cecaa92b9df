import { expect, it } from 'vitest';
import { labelRows } from '../../src/pipeline/label-rows.js';
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

it('lets the event loop turn while it labels chunks that wait for nothing', async () => {
  const loop = countTurns();
  const labelledIn: number[] = [];
  const session: ClassifierSession = {
    classify: (records) => {
      labelledIn.push(loop.turns);
      return Promise.resolve(records.map(() => ({ label: 'L', tier: 'rule', confidence: 1 })));
    },
  };
  const chunks = Array.from({ length: 40 }, () => ({ rows: [['A', 'b']], plain: ['A,b'] }));
  const job = { layout, chunks, session, format: 'csv', details: false, blankLines: () => 0 } as const;
  await labelRows(job, () => undefined);
  loop.stop();
  const inOneTurn = new Map<number, number>();
  for (const turn of labelledIn) inOneTurn.set(turn, (inOneTurn.get(turn) ?? 0) + 1);
  expect(labelledIn).toHaveLength(40);
  // Four chunks are under way at once.
  expect(Math.max(...inOneTurn.values())).toBeLessThanOrEqual(4);
});
