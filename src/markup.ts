/** HTML or SVG that is safe to insert into a page. */
export class Markup {
  constructor(readonly text: string) {}
}

type Content = Markup | string | number | readonly Markup[];

/** A template tag for HTML and SVG. @example markup`<td title="${hostile}">${hostile}</td>` */
export type MarkupTag = (parts: TemplateStringsArray, ...contents: readonly Content[]) => Markup;

/**
 * Returns a template tag that escapes inserted strings and rounds inserted numbers to two decimals. It inserts Markup
 * unchanged.
 * @param separator stands between the elements of an inserted list
 */
export function createMarkupTag(separator: string): MarkupTag {
  const toText = (content: Content): string => {
    if (content instanceof Markup) return content.text;
    if (typeof content === 'number') return String(Math.round(content * 100) / 100);
    if (typeof content === 'string') return escaped(content);
    return content.map(({ text }) => text).join(separator);
  };
  return (parts, ...contents) =>
    new Markup(parts.map((part, index) => part + toText(contents[index] ?? '')).join(''));
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
