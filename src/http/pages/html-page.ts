import { createMarkupTag, type Markup } from '../../markup.js';

export type { Markup };

/** The template tag of pages. Each element of a list has a line of its own. */
export const markup = createMarkupTag('\n');

/**
 * Returns a page for people who open an address of the API in a browser. Nothing in it is inline, because the
 * content security policy forbids that; its script only applies the theme that was chosen on the upload page.
 */
export function htmlPage(title: string, main: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<script src="/before-paint.js"></script>
<link rel="stylesheet" href="/colours.css">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header class="top"><a class="brand" href="/">Log classifier</a></header>
<main class="card">
<h1>${title}</h1>
${main}
<p><a class="button" href="/">Back to the upload page</a></p>
</main>
</body>
</html>
`.text;
}
