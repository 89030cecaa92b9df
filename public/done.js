/** A finished job: the answer first, then what it is made of, then the kinds of line. */
import { agreement } from './agreement.js';
import { el } from './dom.js';
import { addressOf } from './filters.js';
import { headline } from './headline.js';
import { howSure } from './how-sure.js';
import { labelBars } from './label-bars.js';
import { overTime } from './over-time.js';
import { results } from './results.js';
import { sourceTable } from './sources.js';
import { now, watch } from './state.js';

/** Shows the result of the job in the state. */
export function showDone(root, signal) {
  const { summary } = now();
  const head = el('div', { class: 'head' });
  const labels = el('section', { class: 'panel', 'aria-labelledby': 'labels-heading' });
  const times = el('section', { class: 'panel' });
  const sure = el('section', { class: 'panel' });
  const sources = el('details', { class: 'panel wide' });
  const confusion = el('details', { class: 'panel wide', open: true });
  const list = el('section', { id: 'results', 'aria-labelledby': 'results-heading' });
  headline(head);
  labelBars(labels, signal);
  if (summary.times) overTime(times, signal);
  howSure(sure, signal);
  sourceTable(sources, signal);
  agreement(confusion, signal);
  results(list, signal);
  const beside = el('div', { class: 'beside' }, summary.times && times, sure);
  root.append(head, el('div', { class: 'overview' }, labels, beside), confusion, sources, list);
  // A reload or a copied address shows the same lines.
  watch(
    ['filters'],
    ({ job, filters }) => history.replaceState(null, '', addressOf(job.id, filters)),
    signal,
  );
}
