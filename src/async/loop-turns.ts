/**
 * Shares out the turns of the event loop. Work in short pieces, each of which says what share of a turn it takes, cannot
 * keep the loop from everything else, however many requests do such work: all pieces of one turn take one whole share.
 * Those for which a turn has no room begin in later turns, in the order in which they came.
 *
 * Without this, the loop would run the pieces of all requests that are ready one after the other in a single turn.
 */
export class LoopTurns {
  /** The shares taken in this turn. */
  #taken = 0;
  readonly #waiting: { share: number; begin: () => void }[] = [];

  /**
   * Begins a piece of work: at once if this turn has room for it, else in a later turn.
   * @param share of a turn, more than 0 and at most 1
   */
  run(share: number, begin: () => void): void {
    if (this.#waiting.length === 0 && this.#hasRoom(share)) this.#begin(share, begin);
    else this.#waiting.push({ share, begin });
  }

  #hasRoom(share: number): boolean {
    return this.#taken === 0 || this.#taken + share <= 1;
  }

  #begin(share: number, begin: () => void): void {
    if (this.#taken === 0) setImmediate(() => this.#nextTurn());
    this.#taken += share;
    begin();
  }

  #nextTurn(): void {
    this.#taken = 0;
    for (let next = this.#waiting[0]; next && this.#hasRoom(next.share); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#begin(next.share, next.begin);
    }
  }
}

const pieces = new LoopTurns();

/**
 * Resolves when a piece of work has its share of a turn: at once if this turn has room for it. All work in pieces that
 * the process does shares these turns.
 * @param share of a turn, more than 0 and at most 1; a whole one is one or two milliseconds of work
 */
export function loopTurn(share = 1): Promise<void> {
  return new Promise((resolve) => pieces.run(share, resolve));
}
