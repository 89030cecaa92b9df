import type { FieldChoice } from '../fields.js';
import { timestampLength } from '../lines/timestamp.js';
import { columnNumber } from './column-names.js';

/** The characters of a cell that are searched for a time stamp. */
const stampChars = 60;
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?$/;
/** A number, a date, a time or a version. */
const numeric = /^[-+]?\d[\d.,:/-]*$/;
const integer = /^\d{1,6}$/;

/**
 * Returns the index of the message's column if the user names the columns by numbers only, as for a table without a
 * header; undefined if a name is given or needed.
 */
export function messageIndex({ messageColumn, sourceColumn }: FieldChoice): number | undefined {
  const number = messageColumn === undefined ? undefined : columnNumber(messageColumn);
  if (number === undefined) return undefined;
  return sourceColumn === undefined || columnNumber(sourceColumn) !== undefined ? number - 1 : undefined;
}

/**
 * Returns whether the first row of a table is a record rather than the names of the columns.
 *
 * A time stamp, an address or a UUID is no name. In a row without known names, nor is a number or a sentence. A row of
 * consecutive numbers is a header: pandas names columns so.
 * @param message the index of the message's column
 * @param hasKnownName whether a cell is a known name; values such as `LOG` are names too
 */
export function isRecord(cells: readonly string[], message: number, hasKnownName: boolean): boolean {
  if (message >= cells.length) return false;
  const values = cells.map((cell) => cell.trim());
  if (values.some(isCertainValue)) return true;
  if (hasKnownName || areConsecutive(values)) return false;
  return values.some((value) => numeric.test(value)) || isSentence(values[message] ?? '');
}

function isCertainValue(value: string): boolean {
  return timestampLength(value.slice(0, stampChars)) > 0 || uuid.test(value) || ipv4.test(value);
}

function areConsecutive(values: readonly string[]): boolean {
  const first = Number(values[0]);
  return values.every((value, i) => integer.test(value) && Number(value) === first + i);
}

/** Whether a text is too long for a name, or ends like a sentence. */
function isSentence(text: string): boolean {
  if (text.length > 60) return true;
  const words = text.split(/\s+/).length;
  return words > 5 || (words > 2 && /[.!?]$/.test(text));
}
