import type { LabelsAnswer } from '../schemas/labels.js';
import { htmlPage, markup, type Markup } from './html-page.js';

/** Returns the page of GET /labels: a table of the labels that lines can get. */
export function labelsPage({ labels }: LabelsAnswer): string {
  const rows = labels.map(({ name, definition, examples }) => {
    const lines = examples.map((example) => markup`<li>${example}</li>`);
    return markup`<tr><th scope="row">${mark(name)}</th><td class="text">${definition}</td><td><ul>${lines}</ul></td></tr>`;
  });
  return htmlPage(
    'Labels',
    markup`<p>Each log line gets one of these labels.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Labels">
<table>
<thead><tr><th scope="col">Label</th><th scope="col">Meaning</th><th scope="col">Examples</th></tr></thead>
<tbody>
${rows}
</tbody>
</table>
</div>`,
  );
}

/** A label with its colour, as the upload page shows it. Labels of a head of one's own have a neutral one here. */
function mark(name: string): Markup {
  const colour = name.toLowerCase().replaceAll(' ', '-');
  return markup`<span class="label" data-colour="${colour}"><span class="swatch"></span>${name}</span>`;
}
