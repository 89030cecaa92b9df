import { expect, it } from 'vitest';
import { loopTurn, LoopTurns } from '../../src/async/loop-turns.js';
import { turnCounter } from '../support/turn-counter.js';

/** Returns the turn in which each piece began, by name, in the order in which they began. */
async function turnsOf(pieces: readonly { name: string; share: number }[]): Promise<[string, number][]> {
  const { turn, stop } = turnCounter();
  const turns = new LoopTurns();
  const begun: [string, number][] = [];
  await new Promise<void>((resolve) => {
    for (const { name, share } of pieces) {
      turns.run(share, () => {
        if (begun.push([name, turn()]) === pieces.length) resolve();
      });
    }
  });
  stop();
  return begun;
}

it('starts one piece per turn, in the order of the calls, if each piece takes a full turn', async () => {
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

it('begins small pieces in one turn, synchronously, until they fill it', async () => {
  const pieces = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name, share: 0.5 }));
  expect(await turnsOf(pieces)).toEqual([
    ['a', 0],
    ['b', 0],
    ['c', 1],
    ['d', 1],
    ['e', 2],
    ['f', 2],
  ]);
});

it('does not let a small piece overtake a large one', async () => {
  const pieces = [
    { name: 'a', share: 0.1 },
    { name: 'large', share: 1 },
    { name: 'b', share: 0.1 },
  ];
  expect(await turnsOf(pieces)).toEqual([
    ['a', 0],
    ['large', 1],
    ['b', 2],
  ]);
});

it('begins a piece synchronously in a turn after the last piece', async () => {
  const turns = new LoopTurns();
  turns.run(1, () => undefined);
  await new Promise(setImmediate);
  let hasBegun = false;
  turns.run(1, () => (hasBegun = true));
  expect(hasBegun).toBe(true);
});
