/** Sources by labels: which system says what. A click filters by both. */
import { button, el, fill } from './dom.js';
import { setFilters } from './filters.js';
import { colourOf, inOrder, labelMark } from './labels.js';
import { watch } from './state.js';
import { counted, number } from './words.js';

/** More sources are shown on request. */
const FIRST = 8;

/** Shows the table in an element; nothing if there is at most one source. */
export function sourceTable(container, signal) {
  let isOpen = false;
  const place = el('div');
  const heading = el('h2', {}, 'Sources');
  container.append(el('summary', {}, heading), place);
  watch(['summary', 'filters'], show, signal);

  function show({ summary, filters }) {
    const sources = summary ? sourcesOf(summary) : [];
    container.hidden = sources.length < 2;
    heading.textContent = `${counted(summary.sources, 'source')} by label`;
    const labels = inOrder(new Set((summary?.source_labels ?? []).map(({ label }) => label)));
    const shown = isOpen ? sources : sources.slice(0, FIRST);
    const rest = sources.length - shown.length;
    const more = () => {
      isOpen = true;
      show({ summary, filters });
      place.querySelectorAll('tbody button')[FIRST]?.focus();
    };
    fill(
      place,
      table(shown, labels, filters),
      rest > 0 && button(`Show ${counted(rest, 'more source')}`, more),
    );
  }
}

function sourcesOf({ source_labels: cells }) {
  const found = new Map();
  for (const { source, label, rows } of cells) {
    const one = found.get(source) ?? { source, rows: 0, labels: {} };
    one.rows += rows;
    one.labels[label] = rows;
    found.set(source, one);
  }
  return [...found.values()].sort((a, b) => b.rows - a.rows);
}

function table(sources, labels, filters) {
  return el(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': 'Sources by labels', tabindex: 0 },
    el(
      'table',
      { class: 'matrix' },
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          el('th', { scope: 'col' }, 'Source'),
          el('th', { scope: 'col', class: 'figure' }, 'Lines'),
          labels.map((label) => el('th', { scope: 'col' }, labelMark(label))),
        ),
      ),
      el(
        'tbody',
        {},
        sources.map((one) => row(one, labels, filters)),
      ),
    ),
  );
}

function row({ source, rows, labels: counts }, labels, filters) {
  const isChosen = filters.source.includes(source);
  const name = source === '' ? '(none)' : source;
  const choose = () => setFilters({ source: isChosen ? [] : [source] });
  return el(
    'tr',
    {},
    el(
      'th',
      { scope: 'row' },
      el('button', { type: 'button', class: 'cell', 'aria-pressed': isChosen, on: { click: choose } }, name),
    ),
    el('td', { class: 'figure' }, number(rows)),
    labels.map((label) => {
      const count = counts[label] ?? 0;
      if (count === 0) return el('td', { class: 'figure soft' }, '·');
      const both = () => setFilters({ source: [source], label: [label] });
      const shade = { '--share': count / rows };
      return el(
        'td',
        { class: 'figure shaded', 'data-colour': colourOf(label), style: shade },
        el(
          'button',
          {
            type: 'button',
            class: 'cell',
            'aria-label': `${name}, ${label}: ${counted(count, 'line')}`,
            on: { click: both },
          },
          number(count),
        ),
      );
    }),
  );
}
