/** The size of a sheet in Excel. */
export const MAX_COLUMNS = 16_384;
export const MAX_ROWS = 1_048_576;

/**
 * Returns the index of the column of a cell reference, counted from 0: 0 for `A7`, 27 for `AB1`.
 * @returns undefined if the reference has no column that a sheet can have
 */
export function columnOf(reference: string): number | undefined {
  let column = 0;
  let letters = 0;
  for (; letters < reference.length; letters += 1) {
    // Upper and lower case differ in one bit.
    const code = reference.charCodeAt(letters) & ~0x20;
    if (code < 0x41 || code > 0x5a) break;
    if (letters === 3) return undefined;
    column = column * 26 + code - 0x40;
  }
  return column === 0 || column > MAX_COLUMNS ? undefined : column - 1;
}

/** Returns the number of a row, from 1; undefined if it is none that a sheet can have. */
export function rowOf(text: string): number | undefined {
  if (!/^\d{1,7}$/.test(text)) return undefined;
  const row = Number(text);
  return row >= 1 && row <= MAX_ROWS ? row : undefined;
}
