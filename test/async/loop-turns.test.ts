import { expect, it } from 'vitest';
import { loopTurn } from '../../src/async/loop-turns.js';

/** Counts the turns of the event loop from now on. */
function turnCounter(): { turn: () => number; stop: () => void } {
  let turn = 0;
  let next = setImmediate(count);
  function count(): void {
    turn += 1;
    next = setImmediate(count);
  }
  return { turn: () => turn, stop: () => clearImmediate(next) };
}

it('lets those who wait go one in a turn of the loop, in the order in which they came', async () => {
  const { turn, stop } = turnCounter();
  const gone: { name: string; turn: number }[] = [];
  const work = async (name: string) => {
    for (let piece = 0; piece < 2; piece += 1) {
      await loopTurn();
      gone.push({ name, turn: turn() });
    }
  };
  await Promise.all(['a', 'b', 'c'].map(work));
  stop();
  expect(gone.map(({ name }) => name).join('')).toBe('abcabc');
  expect(new Set(gone.map((one) => one.turn)).size).toBe(6);
});
