/** A text as HTML. Only {@link markup} makes one, so no text of a client becomes markup. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a page: text, which is escaped, or markup. */
type Part = string | number | Markup | readonly Markup[];

/** Returns markup with values in it. Text is escaped. @example markup`<p>${detail}</p>` */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, i) => (i === 0 ? text : toText(parts[i - 1] ?? '') + text)).join(''));
}

/**
 * Returns a page for people who open an address of the API in a browser. It has no script and no inline style, because
 * the content security policy allows neither.
 */
export function htmlPage(title: string, main: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main class="card">
<h1>${title}</h1>
${main}
<p><a class="button" href="/">Back to the upload page</a></p>
</main>
</body>
</html>
`.text;
}

function toText(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('\n');
  return escapeHtml(String(part));
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
