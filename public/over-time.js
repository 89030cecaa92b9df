/** Labels over time, as stacked columns. A click shows the lines of an interval. */
import { columnChart, replaceChart } from './column-chart.js';
import { el } from './dom.js';
import { setFilters } from './filters.js';
import { isShown } from './label-bars.js';
import { colourOf, inOrder } from './labels.js';
import { watch } from './state.js';
import { axisTime, counted, logTime, number } from './words.js';

/** Shows the chart in an element. Only the labels that the filters show are counted. */
export function overTime(container, signal) {
  const place = el('div');
  container.append(el('h2', {}, 'Over time'), place);
  watch(
    ['summary', 'filters'],
    ({ summary, filters }) => summary?.times && replaceChart(place, chart(summary, filters)),
    signal,
  );
}

function chart({ times, rows }, filters) {
  const { start, interval_seconds: width, labels } = times;
  const shown = inOrder(labels.map(({ label }) => label)).filter(isShown);
  const countsOf = (label) => labels.find((one) => one.label === label).rows;
  const count = labels[0]?.rows.length ?? 0;
  const at = (i) => new Date(Date.parse(start) + i * width * 1000).toISOString();
  const columns = Array.from({ length: count }, (_, i) => {
    const parts = shown.map((label) => ({ label, rows: countsOf(label)[i], colour: colourOf(label) }));
    const found = parts.filter((part) => part.rows > 0);
    const list = found.map((part) => `${part.label} ${number(part.rows)}`).join(', ');
    return {
      name: `${logTime(at(i))}: ${list || 'no lines'}`,
      parts: parts.toReversed(),
      isChosen: filters.since === at(i),
    };
  });
  const onChoose = (i) =>
    setFilters(filters.since === at(i) ? { since: null, until: null } : { since: at(i), until: at(i + 1) });
  const axis = [0, 1 / 3, 2 / 3, 1].map((share) => axisTime(at(Math.round(share * count)), width));
  const label = `Labels over time, ${counted(count, 'interval')}`;
  const without = rows - times.rows_with_time;
  return el(
    'div',
    {},
    columnChart({ label, columns, axis, onChoose }),
    without > 0 && el('p', { class: 'hint' }, `${counted(without, 'line')} without a time.`),
  );
}
