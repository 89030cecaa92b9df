import type { AppError } from '../../errors.js';
import { continuedLine, textAfterQuote, unclosedQuote } from './errors.js';

/** Why a line is not a row of its own. Creates the error for the number of the line. */
export type LineProblem = (line: number) => AppError;

/**
 * Whether the row of one line looks like the inside of a quoted cell, such as a line of a stack trace: it begins with a
 * blank, or has doubled quotes in a cell.
 */
export function isContinuation(row: readonly string[]): boolean {
  return /^[ \t]+[^ \t]/.test(row[0] ?? '') || row.some((cell) => cell.includes('""'));
}

/**
 * Splits one line of a bad row, as a row of its own.
 * @param text the line without its line ending
 * @returns the cells, or why it is no row: a quote is not closed within the line or is followed by text, or the line
 *   looks like the inside of a quoted cell
 */
export function splitLine(text: string, delimiter: string): string[] | LineProblem {
  const row = text.includes('"') ? splitQuoted(text, delimiter) : text.split(delimiter);
  return typeof row !== 'function' && isContinuation(row) ? continuedLine : row;
}

function splitQuoted(text: string, delimiter: string): string[] | LineProblem {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const isQuoted = text.startsWith('"', at);
    const close = isQuoted ? closingQuote(text, at + 1) : -1;
    if (isQuoted && close === -1) return unclosedQuote;
    const end = isQuoted ? close + 1 : cellEnd(text, delimiter, at);
    if (end < text.length && text[end] !== delimiter) return textAfterQuote;
    cells.push(isQuoted ? text.slice(at + 1, close).replaceAll('""', '"') : text.slice(at, end));
    if (end === text.length) return cells;
    at = end + 1;
  }
}

function closingQuote(text: string, from: number): number {
  let quote = text.indexOf('"', from);
  while (quote !== -1 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  return quote;
}

function cellEnd(text: string, delimiter: string, from: number): number {
  const end = text.indexOf(delimiter, from);
  return end === -1 ? text.length : end;
}
