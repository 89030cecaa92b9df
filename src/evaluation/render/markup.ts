import { oneLine } from './text-table.js';

/** HTML or SVG that is safe to insert into a page. */
export class Markup {
  constructor(readonly text: string) {}
}

type Content = Markup | string | number | readonly Markup[];

/**
 * Template tag for HTML and SVG. Escapes inserted strings and rounds inserted numbers to two decimals. Inserts Markup
 * unchanged.
 * @example markup`<td title="${hostile}">${hostile}</td>`
 */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => part + toText(contents[index] ?? '')).join(''));
}

/** Prepares text of the data, such as a label, for one line. Replaces control characters and cuts the text to `length` characters. */
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

/** Escapes text. Characters that XML cannot contain, not even as an entity, become U+FFFD. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\P{Cc}]|[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
