/** Members that take turns in a circle. Every operation takes constant time, on average. */
export class RoundRobin<T> {
  readonly #members = new Set<T>();
  /**
   * One iterator is kept as long as there are members, for it also reaches members that are added later. A new one would
   * first step over the places of all members that were removed.
   */
  #upcoming = this.#members.values();
  #first: T | undefined;

  /** Puts it behind all others, unless it is there already. */
  add(member: T): void {
    this.#members.add(member);
  }

  delete(member: T): void {
    this.#members.delete(member);
    // If it comes again, it comes behind all others.
    if (this.#first === member) this.#first = undefined;
  }

  /** Whose turn it is. */
  get first(): T | undefined {
    this.#first ??= this.#next();
    return this.#first;
  }

  /** Puts a member behind all others. */
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
