import { AppError } from '../errors.js';
import { digestOf } from '../jobs/job.js';

/**
 * Returns the cursor of a page.
 * @param position where the page begins
 * @param question filters and order of the list; a cursor is valid for the same ones only
 */
export function toCursor(position: number, question: unknown): string {
  return `${position.toString(36)}.${checkOf(question)}`;
}

/**
 * Returns where the page of a cursor begins; 0 without a cursor.
 * @throws AppError `request_invalid` for a text that is no cursor, or the cursor of another list
 */
export function fromCursor(cursor: string | undefined, question: unknown): number {
  if (cursor === undefined) return 0;
  const [, position, check] = /^([0-9a-z]{1,8})\.([0-9a-f]{12})$/.exec(cursor) ?? [];
  if (position === undefined || check !== checkOf(question)) {
    throw new AppError(
      'request_invalid',
      'The cursor is not one of this list. Take next_cursor of the page before, and keep all other parameters as they were.',
    );
  }
  return parseInt(position, 36);
}

function checkOf(question: unknown): string {
  return digestOf(JSON.stringify(question)).slice(0, 12);
}
