/**
 * Formats rows as text with aligned columns: the first to the left, the others to the right.
 * @param rows all with the same number of cells
 */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => {
    return rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), 0);
  });
  const align = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return column === 0 ? cell.padEnd(width) : cell.padStart(width);
  };
  return rows.map((row) => row.map(align).join('  ').trimEnd()).join('\n');
}

/** Formats a share as a percentage with one decimal; `-` for null. */
export function percent(share: number | null): string {
  return share === null ? '-' : `${(share * 100).toFixed(1)} %`;
}

/**
 * Prepares text of the data for one line of a terminal. Masks control characters, which could control the terminal,
 * and cuts the text to `length` characters.
 */
export function oneLine(text: string, length: number): string {
  const clean = text.slice(0, length + 1).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·');
  return clean.length > length ? `${clean.slice(0, length - 1)}…` : clean;
}
