/**
 * Formats a number; `-` if there is none.
 * @param {number | null | undefined} value
 * @param {number} decimals
 */
export function shown(value, decimals) {
  if (value === undefined || value === null || Number.isNaN(value)) return '-';
  return value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/**
 * Formats rows as text with aligned columns: the first to the left, the others to the right.
 * @param {readonly (readonly string[])[]} rows
 */
export function aligned(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {readonly string[]} */ row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}

/**
 * Returns the goals as text, one per line, with the measured value.
 * @param {readonly import('./verdict.mjs').Verdict[]} verdicts
 */
export function verdictTable(verdicts) {
  const rows = verdicts.map(({ figure, value, unit, relation, goal, met }) => [
    figure,
    `${shown(value, value < 100 ? 1 : 0)} ${unit}`.trim(),
    `${relation} ${shown(goal, 0)}`,
    met ? 'met' : 'MISSED',
  ]);
  return aligned([['goals', 'value', 'goal', ''], ...rows]);
}
