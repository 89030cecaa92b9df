import type { EvaluationReport } from '../evaluate.js';
import { headlineFacts, originFacts, type Fact, type MeasuredData } from './headline.js';
import { PAGE_STYLE } from './html-style.js';
import { markup, Markup, shown } from './markup.js';
import { toSections, type Section } from './sections.js';
import type { Column, Table } from './tables.js';

/** The data and the date that the page names. */
export interface PageContext {
  readonly data: MeasuredData;
  /** The date, already formatted; the page shows none if missing. */
  readonly measuredOn?: string;
}

/** The page contains everything it needs: it loads nothing and runs no script. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const FILE_CHARS = 100;

/** Returns the report as an HTML page. Escapes all text of the data. */
export function htmlReport(report: EvaluationReport, { data, measuredOn }: PageContext): string {
  const sections = toSections(report);
  const file = shown(data.file, FILE_CHARS);
  const day = measuredOn === undefined ? markup`` : markup`, measured on ${measuredOn}`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evaluation of ${file}</title>
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>Evaluation</h1>
<p class="soft"><bdi>${file}</bdi>${day}</p>
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main>
${headline(report, data)}
${sections.map(section)}
</main>
</body>
</html>
`.text;
}

function headline(report: EvaluationReport, data: MeasuredData): Markup {
  const origin = originFacts(report, data).map(
    ({ name, value }) => markup`<dt>${name}</dt><dd class="code">${value}</dd>`,
  );
  return markup`<section class="card" aria-label="Headline figures">
<dl class="facts">${headlineFacts(report).map(fact)}</dl>
<dl class="origin">${origin}</dl>
</section>`;
}

function fact({ name, value, detail }: Fact, index: number): Markup {
  return markup`<div class="fact ${index === 0 ? 'first' : 'further'}"><dt>${name}</dt><dd class="value">${value}</dd><dd class="detail">${detail}</dd></div>`;
}

function section({ id, title, remark, picture, tables }: Section): Markup {
  return markup`<section class="card" id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
<p class="soft">${remark}</p>
${picture ? figure(title, picture) : markup``}
${picture ? markup`<details><summary>The numbers</summary>${tables.map(table)}</details>` : markup`<div class="tables">${tables.map(table)}</div>`}
</section>
`;
}

function figure(title: string, { svg, note }: NonNullable<Section['picture']>): Markup {
  return markup`<figure><div class="scroll" role="region" aria-label="${title}, picture" tabindex="0">${new Markup(svg)}</div>
<figcaption class="note">${note}</figcaption></figure>`;
}

/** A wide table scrolls in its own box. `tabindex` makes the box reachable by keyboard. */
function table({ caption, columns, rows }: Table): Markup {
  if (rows.length === 0) return markup`<p>None.</p>`;
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ name, kind }) => markup`<th scope="col" class="${kind}"><bdi>${name}</bdi></th>`)}</tr></thead>
<tbody>
${rows.map((cells) => row(cells, columns))}</tbody>
</table></div>
`;
}

function row(cells: readonly string[], columns: readonly Column[]): Markup {
  const [name = '', ...others] = cells;
  const rest = others.map((cell, index) => {
    return markup`<td class="${columns[index + 1]?.kind ?? 'text'}"><bdi>${cell}</bdi></td>`;
  });
  return markup`<tr><th scope="row"><bdi>${name}</bdi></th>${rest}</tr>
`;
}
