import { htmlDocument, markup } from './html-page.js';

/** Returns the page of GET /docs: the description of the API, shown by Swagger UI below our header. */
export function docsPage(): string {
  return htmlDocument(
    'Log classifier API',
    markup`<link rel="stylesheet" href="/docs/static/swagger-ui.css">
<link rel="stylesheet" href="/docs.css">
<script src="/docs.js"></script>`,
    markup`<main id="swagger-ui"></main>
<script src="/docs/static/swagger-ui-bundle.js"></script>
<script src="/docs/static/swagger-ui-standalone-preset.js"></script>
<script src="/docs/static/swagger-initializer.js"></script>`,
  );
}
