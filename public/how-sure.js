/** How sure the embedding tier was: a histogram of confidence with the threshold. A click filters. */
import { columnChart, replaceChart } from './column-chart.js';
import { button, el } from './dom.js';
import { setFilters } from './filters.js';
import { watch } from './state.js';
import { confidence, counted } from './words.js';

/** Shows the histogram in an element. */
export function howSure(container, signal) {
  const place = el('div');
  container.append(
    el('h2', {}, 'How sure'),
    place,
    button(
      'Show the uncertain first',
      () => {
        setFilters({ sort: 'confidence' });
        document.getElementById('results').scrollIntoView();
      },
      { id: 'uncertain-first' },
    ),
  );
  watch(
    ['summary', 'filters'],
    ({ summary, filters }) => summary && replaceChart(place, chart(summary, filters)),
    signal,
  );
}

function chart({ confidence: counts, threshold, labels }, filters) {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const ruled = labels.filter(({ tier }) => tier === 'rule').reduce((sum, { rows }) => sum + rows, 0);
  const from = (i) => (i / counts.length).toFixed(2);
  const columns = counts.map((rows, i) => ({
    name: `${confidence(i / counts.length)} to ${confidence((i + 1) / counts.length)}: ${counted(rows, 'line')}`,
    parts: [{ rows, colour: 'accent' }],
    isChosen: filters.min_confidence === from(i),
  }));
  const onChoose = (i) =>
    setFilters(
      filters.min_confidence === from(i)
        ? { min_confidence: null, max_confidence: null, tier: [] }
        : { min_confidence: from(i), max_confidence: from(i + 1), tier: ['embedding'] },
    );
  const label = `Confidence of ${counted(all, 'line')}`;
  const chartOptions = { label, columns, axis: ['0', confidence(0.5), '1'], onChoose, mark: threshold };
  return el(
    'div',
    {},
    columnChart(chartOptions),
    el(
      'p',
      { class: 'hint' },
      `Below ${confidence(threshold)} (dashed) a line stays Unclassified.${ruled > 0 ? ` ${counted(ruled, 'more line')} matched a rule.` : ''}`,
    ),
  );
}
