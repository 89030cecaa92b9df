import type { Problem } from '../schemas/problem.js';
import { htmlPage, markup } from './html-page.js';

/** Returns a problem as an HTML page, for browsers. Text from the upload is escaped. */
export function problemPage({ title, detail, status, code, request_id: id }: Problem): string {
  return htmlPage(
    title,
    markup`<p role="alert">${detail}</p>
<p class="hint">Error ${status}, <code>${code}</code>, request <code>${id}</code></p>`,
  );
}
