import type { Readiness } from '../schemas/health.js';
import { htmlPage, markup } from './html-page.js';

/** Returns the page of GET /health/ready: a table of the parts that label logs. */
export function readinessPage({ version, encoder, head, rules, llm }: Readiness): string {
  const facts = [
    ['Classifier', version],
    ['Encoder', encoder],
    ['Head', head],
    ['Rules', `${rules.count} (${rules.version})`],
    ['LLM', llm ? 'GROQ_API_KEY is set' : 'GROQ_API_KEY is not set: rules and embedding label all lines'],
  ] as const;
  const rows = facts.map(([name, value]) => markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>`);
  return htmlPage(
    'The server is ready',
    markup`<p>It can label logs with these parts.</p>
<table>
<tbody>
${rows}
</tbody>
</table>`,
  );
}
