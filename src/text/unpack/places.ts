/**
 * Limits how many owners hold a place at the same time. Others wait, in the order of their calls. An owner that holds a
 * place takes another without waiting, so owners that need several cannot wait for each other.
 */
export class Places {
  readonly #held = new Map<object, number>();
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly size: number) {}

  /** Resolves when the owner has a place. */
  async take(owner: object): Promise<void> {
    while (!this.#held.has(owner) && this.#held.size >= this.size)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#held.set(owner, (this.#held.get(owner) ?? 0) + 1);
  }

  /** Gives back one place of the owner. */
  release(owner: object): void {
    const left = (this.#held.get(owner) ?? 0) - 1;
    if (left > 0) this.#held.set(owner, left);
    else {
      this.#held.delete(owner);
      this.#waiting.shift()?.();
    }
  }
}
