/** A circular queue whose members take turns. Every operation takes amortised constant time. */
export class RoundRobin<T> {
  readonly #members = new Set<T>();
  /**
   * Reuse one iterator: a new `values()` would scan the deleted slots of the set again (O(n)). The iterator also returns
   * members that are added later.
   */
  #upcoming = this.#members.values();
  #first: T | undefined;

  /** Adds a member behind all others. Has no effect if it is a member already. */
  add(member: T): void {
    this.#members.add(member);
  }

  /** Removes a member. */
  delete(member: T): void {
    this.#members.delete(member);
    // If the member is added again, it goes behind all others.
    if (this.#first === member) this.#first = undefined;
  }

  /** The member whose turn it is, or undefined if there are no members. */
  get first(): T | undefined {
    this.#first ??= this.#next();
    return this.#first;
  }

  /** Moves a member behind all others. Has no effect if it is not a member. */
  moveBack(member: T): void {
    if (!this.#members.has(member)) return;
    this.delete(member);
    this.add(member);
  }

  #next(): T | undefined {
    const next = this.#upcoming.next();
    if (!next.done) return next.value;
    this.#upcoming = this.#members.values();
    return this.#upcoming.next().value;
  }
}
