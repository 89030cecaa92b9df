import type { AppError } from '../errors.js';
import type { Problem } from './schemas/problem.js';

/** The Content-Type of a problem in JSON (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Returns the body of the answer to a request that failed. */
export function toProblem(error: AppError, requestId: string): Problem {
  const { title, status, code, message, place } = error;
  return { type: 'about:blank', title, status, code, detail: message, ...place, request_id: requestId };
}

/** Returns a problem as an HTML page, for browsers. Text from the upload is escaped. */
export function problemPage(problem: Problem): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(problem.title)}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main class="card">
<h1>${escapeHtml(problem.title)}</h1>
<p role="alert">${escapeHtml(problem.detail)}</p>
<p class="hint">Error ${problem.status}, <code>${escapeHtml(problem.code)}</code>, request <code>${escapeHtml(problem.request_id)}</code></p>
<p><a class="button" href="/">Back to the upload page</a></p>
</main>
</body>
</html>
`;
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
