/** Who waits for a turn of the event loop, in order. */
const waiting: (() => void)[] = [];

/**
 * Resolves in a later turn of the event loop, in which it resolves for nobody else. Work in short pieces, each behind
 * an `await loopTurn()`, therefore never takes more than one piece of a turn, however many requests do such work: the
 * loop gets to everything else between two pieces. Those who wait are let go in the order in which they came.
 *
 * Without this, the loop would run the pieces of all requests that are ready one after the other in a single turn.
 */
export function loopTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(letOneGo);
  });
}

function letOneGo(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(letOneGo);
}
