import { createMarkupTag, type Markup } from '../../markup.js';

export type { Markup };

/** The template tag of pages. Each element of a list has a line of its own. */
export const markup = createMarkupTag('\n');

/**
 * Returns a page for people who open an address of the API in a browser. Nothing in it is inline, because the
 * content security policy forbids that; its script only applies the theme that was chosen on the upload page.
 */
export function htmlPage(title: string, main: Markup): string {
  return htmlDocument(
    title,
    markup``,
    markup`<main class="card">
<h1>${title}</h1>
${main}
<p><a class="button" href="/">Back to the upload page</a></p>
</main>`,
  );
}

/**
 * Returns a document with the header, the type and the colours of all pages.
 * @param links more elements of the head
 * @param body what comes below the header
 */
export function htmlDocument(title: string, links: Markup, body: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="/favicon.ico" sizes="32x32">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<script src="/before-paint.js"></script>
${links}
<link rel="stylesheet" href="/colours.css">
<link rel="stylesheet" href="/style.css">
<link rel="stylesheet" href="/header.css">
</head>
<body>
<header class="top">
<a class="brand" href="/">Log classifier</a>
<nav aria-label="Main"><a href="/labels">Labels</a> <a href="/docs">API</a></nav>
</header>
${body}
</body>
</html>
`.text;
}
