/** How the labels agree with those that the file had. A click on a pair shows its lines. */
import { el, fill } from './dom.js';
import { setFilters } from './filters.js';
import { colourOf, inOrder, labelMark } from './labels.js';
import { watch } from './state.js';
import { counted, number, percent } from './words.js';

/** Shows agreement and confusion in an element; nothing if the file had no labels. */
export function agreement(container, signal) {
  const place = el('div');
  container.append(el('summary', {}, el('h2', {}, 'Agreement with the labels in the file')), place);
  watch(
    ['summary', 'filters'],
    ({ summary, filters }) => {
      const own = summary?.own_labels;
      container.hidden = !own;
      if (own) fill(place, sentence(own), table(own.pairs, filters));
    },
    signal,
  );
}

function sentence({ rows, agreeing }) {
  return el(
    'p',
    {},
    `${percent(agreeing / rows)} of ${counted(rows, 'line')} that had a label got the same one. ${number(rows - agreeing)} did not.`,
  );
}

function table(pairs, filters) {
  const own = inOrder(new Set(pairs.map((pair) => pair.own_label)));
  const given = inOrder(new Set(pairs.map((pair) => pair.label)));
  const counts = new Map(pairs.map((pair) => [JSON.stringify([pair.own_label, pair.label]), pair.rows]));
  const head = el(
    'tr',
    {},
    el('th', { scope: 'col' }, 'In the file ↓ · given →'),
    given.map((label) => el('th', { scope: 'col' }, labelMark(label))),
  );
  const rows = own.map((ownLabel) => {
    const all = pairs.filter((pair) => pair.own_label === ownLabel).reduce((sum, pair) => sum + pair.rows, 0);
    return el(
      'tr',
      {},
      el('th', { scope: 'row' }, labelMark(ownLabel)),
      given.map((label) =>
        cell({ ownLabel, label, count: counts.get(JSON.stringify([ownLabel, label])) ?? 0, all }, filters),
      ),
    );
  });
  return el(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': 'Confusion', tabindex: 0 },
    el('table', { class: 'matrix' }, el('thead', {}, head), el('tbody', {}, rows)),
  );
}

function cell({ ownLabel, label, count, all }, filters) {
  if (count === 0) return el('td', { class: 'figure soft' }, '·');
  const isChosen = filters.own_label[0] === ownLabel && filters.label[0] === label;
  const choose = () =>
    setFilters(isChosen ? { own_label: [], label: [] } : { own_label: [ownLabel], label: [label] });
  const isSame = ownLabel === label;
  return el(
    'td',
    {
      class: `figure shaded${isSame ? ' same' : ''}`,
      'data-colour': colourOf(isSame ? label : 'Error'),
      style: { '--share': count / all },
    },
    el(
      'button',
      {
        type: 'button',
        class: 'cell',
        'aria-pressed': isChosen,
        'aria-label': `In the file ${ownLabel}, given ${label}: ${counted(count, 'line')}`,
        on: { click: choose },
      },
      number(count),
    ),
  );
}
