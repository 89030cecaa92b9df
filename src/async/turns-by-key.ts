/** Runs actions of the same key one after another. Those of other keys do not wait. */
export class TurnsByKey {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs an action when all former ones of its key have settled. @throws what the action throws */
  async run<Result>(key: string, action: () => Promise<Result>): Promise<Result> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(action);
    const settled = turn.catch(() => undefined);
    this.#last.set(key, settled);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    }
  }
}
