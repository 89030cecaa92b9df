/**
 * Limits how much work begins in one turn of the event loop. Callers split their work into pieces and state which share
 * of a turn each piece takes. The shares of one turn add up to at most 1. Other pieces wait for later turns, in the order
 * of their calls.
 *
 * Without this limit, the loop would run the ready pieces of all requests in a single turn and block everything else.
 */
export class LoopTurns {
  /** The sum of the shares that have begun in this turn. */
  #taken = 0;
  readonly #waiting: { share: number; begin: () => void }[] = [];

  /**
   * Begins a piece of work: synchronously if it fits into this turn, otherwise in a later turn.
   * @param share the share of a turn, more than 0 and at most 1
   */
  run(share: number, begin: () => void): void {
    if (this.#waiting.length === 0 && this.#fits(share)) this.#begin(share, begin);
    else this.#waiting.push({ share, begin });
  }

  #fits(share: number): boolean {
    return this.#taken === 0 || this.#taken + share <= 1;
  }

  #begin(share: number, begin: () => void): void {
    if (this.#taken === 0) setImmediate(() => this.#nextTurn());
    this.#taken += share;
    begin();
  }

  #nextTurn(): void {
    this.#taken = 0;
    for (let next = this.#waiting[0]; next && this.#fits(next.share); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#begin(next.share, next.begin);
    }
  }
}

const pieces = new LoopTurns();

/**
 * Resolves when a piece of work may begin: at once if it fits into this turn. All callers in the process share the same
 * turns.
 * @param share the share of a turn, more than 0 and at most 1; a full share is one or two milliseconds of work
 */
export function loopTurn(share = 1): Promise<void> {
  return new Promise((resolve) => pieces.run(share, resolve));
}

/** The length of text that takes a full turn to parse, in characters or bytes. */
export const TEXT_PER_TURN = 64 * 1024;

/** A shorter text counts as this long, because a text may arrive byte by byte. */
const LEAST_TEXT = 512;

/**
 * Resolves when a text of this length, in characters or bytes, may be parsed. A text longer than TEXT_PER_TURN counts as
 * one full turn.
 */
export function turnToParse(length: number): Promise<void> {
  return loopTurn(Math.min(1, Math.max(length, LEAST_TEXT) / TEXT_PER_TURN));
}
