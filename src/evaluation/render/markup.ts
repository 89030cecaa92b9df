import { oneLine } from './text-table.js';

/** HTML or SVG that may stand in a page as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

type Content = Markup | string | number | readonly Markup[];

/**
 * A template for HTML and SVG. Strings put into it are escaped, numbers rounded to two digits; only other
 * Markup goes in as it is.
 * @example markup`<td title="${hostile}">${hostile}</td>`
 */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => part + toText(contents[index] ?? '')).join(''));
}

/** Text of others, such as a label, to be shown on one line: control characters masked, cut to `length`. */
export function shown(text: string, length: number): string {
  return text.trim() === '' ? '(empty)' : oneLine(text, length);
}

function toText(content: Content): string {
  if (content instanceof Markup) return content.text;
  if (typeof content === 'number') return String(Math.round(content * 100) / 100);
  if (typeof content === 'string') return escaped(content);
  return content.map(({ text }) => text).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What XML cannot hold even as an entity becomes the replacement character. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\P{Cc}]|[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
