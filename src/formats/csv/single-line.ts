import type { AppError } from '../../errors.js';
import { continuedLine, textAfterQuote, unclosedQuote } from './errors.js';

/** Why a line is not a row of its own. Creates the error for the number of the line. */
export type LineProblem = (line: number) => AppError;

/**
 * Splits one line of a bad row, as a row of its own. A line that looks like the inside of a quoted cell is refused: it
 * begins with a blank, or has doubled quotes in a cell without quotes.
 * @param text the line without its line ending
 * @returns the cells, or why it is no row: a quote is not closed within the line or is followed by text
 */
export function splitLine(text: string, delimiter: string): string[] | LineProblem {
  if (text.startsWith(' ') || (text.startsWith('\t') && delimiter !== '\t')) return continuedLine;
  if (!text.includes('"')) return text.split(delimiter);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    const isQuoted = text.startsWith('"', at);
    const close = isQuoted ? closingQuote(text, at + 1) : -1;
    if (isQuoted && close === -1) return unclosedQuote;
    const end = isQuoted ? close + 1 : cellEnd(text, delimiter, at);
    if (end < text.length && text[end] !== delimiter) return textAfterQuote;
    const cell = isQuoted ? text.slice(at + 1, close).replaceAll('""', '"') : text.slice(at, end);
    if (!isQuoted && cell.includes('""')) return continuedLine;
    cells.push(cell);
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
