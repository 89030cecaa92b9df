/**
 * A chart of columns that can be clicked. Each column is a button; the arrow keys go from one to the next, so the chart is
 * one stop of the Tab key.
 */
import { el } from './dom.js';

/**
 * Returns a chart.
 * @param columns each has `name`, which is read out and shown above the chart, `parts` of { rows, colour }, and `isChosen`
 * @param onChoose is called with the index of a column
 */
export function columnChart({ label, columns, axis, onChoose, mark }) {
  const largest = Math.max(1, ...columns.map(({ parts }) => sumOf(parts)));
  const caption = el('p', { class: 'chart-caption', 'aria-hidden': true }, '\u00a0');
  const buttons = columns.map((column, i) =>
    columnButton(column, { largest, onChoose: () => onChoose(i), caption }),
  );
  const first = Math.max(
    0,
    columns.findIndex(({ isChosen }) => isChosen),
  );
  buttons[first]?.setAttribute('tabindex', '0');
  const plot = el(
    'div',
    {
      class: 'plot',
      role: 'group',
      'aria-label': `${label}. Arrow keys go from column to column.`,
      on: { keydown: (event) => move(event, buttons) },
    },
    buttons,
    mark === undefined ? undefined : el('span', { class: 'threshold', style: { left: `${100 * mark}%` } }),
  );
  return el(
    'div',
    { class: 'chart' },
    caption,
    plot,
    el(
      'div',
      { class: 'axis', 'aria-hidden': true },
      axis.map((text) => el('span', {}, text)),
    ),
  );
}

function columnButton({ name, parts, isChosen }, { largest, onChoose, caption }) {
  const total = sumOf(parts);
  const show = () => (caption.textContent = name);
  const hide = () => (caption.textContent = '\u00a0');
  return el(
    'button',
    {
      type: 'button',
      class: 'column',
      tabindex: -1,
      'aria-label': name,
      'aria-pressed': isChosen,
      on: { click: onChoose, mouseenter: show, focus: show, mouseleave: hide, blur: hide },
    },
    el(
      'span',
      { class: 'stack', style: { height: `${(100 * total) / largest}%` } },
      parts
        .filter(({ rows }) => rows > 0)
        .map(({ rows, colour }) => el('span', { 'data-colour': colour, style: { 'flex-grow': rows } })),
    ),
  );
}

function move(event, buttons) {
  const at = buttons.indexOf(document.activeElement);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (next === undefined || buttons[next] === undefined) return;
  event.preventDefault();
  buttons[at]?.setAttribute('tabindex', '-1');
  buttons[next].setAttribute('tabindex', '0');
  buttons[next].focus();
}

function sumOf(parts) {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}

/** Shows a chart anew in its place. The column that had the focus keeps it. */
export function replaceChart(place, chart) {
  const focused = [...place.querySelectorAll('.column')].indexOf(document.activeElement);
  place.replaceChildren(chart);
  if (focused >= 0) place.querySelectorAll('.column')[focused]?.focus();
}
