import { comparableName, isExactly } from '../fields.js';

/** A longer cell is no name. */
const maxNameChars = 200;

/** Looks up columns by name. */
export class ColumnNames {
  readonly #comparable = new Map<string, number[]>();

  constructor(private readonly header: readonly string[]) {
    for (const [index, cell] of header.entries()) {
      const name = comparableCell(cell);
      if (name === '') continue;
      const same = this.#comparable.get(name);
      if (same) same.push(index);
      else this.#comparable.set(name, [index]);
    }
  }

  /** Returns the columns whose cell in the header is this text. */
  identical(text: string): number[] {
    return this.#where((cell) => cell === text);
  }

  /** Returns the columns with exactly this name, apart from case and surrounding blanks. */
  exactly(name: string): number[] {
    return this.#where((cell) => cell.length <= maxNameChars && isExactly(cell, name));
  }

  /** Returns the columns whose name is the same in `comparableName`. */
  like(name: string): readonly number[] {
    return this.#comparable.get(comparableCell(name)) ?? [];
  }

  /** Returns the columns with exactly this name, or else those whose name is the same in `comparableName`. */
  named(name: string): readonly number[] {
    const exactly = this.exactly(name);
    return exactly.length > 0 ? exactly : this.like(name);
  }

  #where(matches: (cell: string) => boolean): number[] {
    const indices: number[] = [];
    for (const [index, cell] of this.header.entries()) if (matches(cell)) indices.push(index);
    return indices;
  }
}

/** Returns the comparable name of a cell; empty if the cell is too long to be a name. */
export function comparableCell(cell: string): string {
  return cell.length > maxNameChars ? '' : comparableName(cell);
}

/**
 * Returns the index of the first column with exactly this name, or else of the first one whose name is the same in
 * `comparableName`; -1 if there is none.
 */
export function findColumn(header: readonly string[], name: string): number {
  return new ColumnNames(header).named(name)[0] ?? -1;
}

/** Returns the column number, counted from 1, that a parameter states; undefined if it is a name. */
export function columnNumber(value: string): number | undefined {
  return /^[1-9]\d{0,5}$/.test(value) ? Number(value) : undefined;
}

/** Looks up a column once. Returns a function that reads its trimmed cell; empty if the column does not exist. */
export function cellReader(header: readonly string[], name: string): (row: readonly string[]) => string {
  const index = findColumn(header, name);
  return (row) => (row[index] ?? '').trim();
}
