import { createMarkupTag, Markup } from '../../markup.js';
import { oneLine } from './text-table.js';

export { Markup };

/** The template tag of reports and pictures. */
export const markup = createMarkupTag('');

/** Prepares text of the data, such as a label, for one line. Replaces control characters and cuts the text to `length` characters. */
export function shown(text: string, length: number): string {
  return text.trim() === '' ? '(empty)' : oneLine(text, length);
}
