import { Kind, kindAt } from '../template/character-kinds.js';

/**
 * Returns the ASCII letters at the start of a text, or its first character if that is none. White space before it does not
 * count. A text and its template have the same first word, unless the template begins with a placeholder.
 */
export function firstWord(text: string): string {
  let start = 0;
  while (kindAt(text, start) === Kind.space) start += 1;
  let end = start;
  while (kindAt(text, end) === Kind.letter) end += 1;
  return text.slice(start, Math.max(end, start + 1));
}
