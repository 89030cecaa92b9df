/** Counts the turns of the event loop from now on, until `stop`. */
export function turnCounter(): { turn: () => number; stop: () => void } {
  let turn = 0;
  let next = setImmediate(count);
  function count(): void {
    turn += 1;
    next = setImmediate(count);
  }
  return { turn: () => turn, stop: () => clearImmediate(next) };
}

/** Returns the largest number of equal turns: how much happened in one turn at most. */
export function mostInOneTurn(turns: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const turn of turns) counts.set(turn, (counts.get(turn) ?? 0) + 1);
  return Math.max(...counts.values());
}
