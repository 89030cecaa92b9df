/** Tells which row of a sheet begins on or before a line of the sheet's CSV text. */
export class RowNumbers {
  /** The lines of the rows that do not simply follow the row before, in order, and the numbers of these rows. */
  readonly #lines: number[] = [];
  readonly #rows: number[] = [];
  /** The index of the entry that was used last. */
  #last = 0;

  /** Adds a row. Call it in the order of the sheet. */
  add(line: number, row: number): void {
    const last = this.#lines.length - 1;
    if (line - (this.#lines[last] ?? 1) === row - (this.#rows[last] ?? 1)) return;
    this.#lines.push(line);
    this.#rows.push(row);
  }

  /** Returns the number of the row. Lines are asked for nearly in order, so the search begins at the last one. */
  rowOf(line: number): number {
    while ((this.#lines[this.#last + 1] ?? Infinity) <= line) this.#last += 1;
    while (this.#last > 0 && (this.#lines[this.#last] ?? 0) > line) this.#last -= 1;
    const from = this.#lines[this.#last];
    if (from === undefined || from > line) return line;
    // A row with line breaks in its cells has several lines.
    const next = this.#rows[this.#last + 1] ?? Infinity;
    return Math.min((this.#rows[this.#last] ?? 0) + line - from, next - 1);
  }
}
