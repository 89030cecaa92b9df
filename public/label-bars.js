/** The labels of a job as bars with counts and shares. A click filters. */
import { el, fill } from './dom.js';
import { toggle } from './filters.js';
import { colourOf, inOrder, labelMark } from './labels.js';
import { now, watch } from './state.js';
import { number, percent } from './words.js';

/** Shows the bars in an element, while the job runs and when it is done. */
export function labelBars(container, signal) {
  const list = el('ul', { class: 'bars' });
  container.append(el('h2', { id: 'labels-heading' }, 'Labels'), list);
  watch(
    ['job', 'summary', 'filters', 'catalogue'],
    ({ job, summary, filters, view }) => {
      const focused = list.contains(document.activeElement)
        ? document.activeElement.dataset.label
        : undefined;
      const counts = summary ? countsOf(summary) : (job?.labels ?? {});
      const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
      container.hidden = all === 0;
      const largest = Math.max(1, ...Object.values(counts));
      fill(
        list,
        inOrder(Object.keys(counts)).map((label) =>
          el(
            'li',
            {},
            bar(label, {
              count: counts[label],
              all,
              largest,
              isDone: view === 'done',
              chosen: filters.label,
            }),
          ),
        ),
      );
      if (focused !== undefined)
        [...list.querySelectorAll('button')].find(({ dataset }) => dataset.label === focused)?.focus();
    },
    signal,
  );
}

/** Returns the rows of each label in a summary. */
export function countsOf({ labels }) {
  const counts = {};
  for (const { label, rows } of labels) counts[label] = (counts[label] ?? 0) + rows;
  return counts;
}

function bar(label, { count, all, largest, isDone, chosen }) {
  const parts = [
    labelMark(label),
    el('span', { class: 'figure' }, number(count)),
    el('span', { class: 'figure soft' }, percent(count / all)),
    el(
      'span',
      { class: 'track' },
      el('span', {
        class: 'length',
        'data-colour': colourOf(label),
        style: { width: `${(100 * count) / largest}%` },
      }),
    ),
  ];
  if (!isDone) return el('div', { class: 'bar' }, parts);
  const isChosen = chosen.includes(label);
  return el(
    'button',
    {
      type: 'button',
      class: `bar${chosen.length > 0 && !isChosen ? ' dimmed' : ''}`,
      'data-label': label,
      'aria-pressed': isChosen,
      on: { click: () => toggle('label', label) },
    },
    parts,
  );
}

/** Whether a label is among those that the filters show. */
export function isShown(label) {
  const { label: chosen } = now().filters;
  return chosen.length === 0 || chosen.includes(label);
}
