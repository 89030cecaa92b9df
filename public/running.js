/** A job that runs: how far it is, how fast, and what it has found so far. */
import { announce, button, el, fill } from './dom.js';
import { cancel } from './job-flow.js';
import { labelBars } from './label-bars.js';
import { now, watch } from './state.js';
import { progressOf } from './title.js';
import { bytes, counted, number, percent, seconds } from './words.js';

/** Progress is read out when it has passed another of these. */
const SPOKEN_STEPS = 4;

/** Shows the upload, then the job. */
export function showRunning(root, signal) {
  const { job, file } = now();
  const bar = el('progress', { max: 1, 'aria-label': 'Progress' });
  const facts = el('p', { class: 'facts' });
  const lost = el('div', { role: 'alert' });
  const labels = el('section', { 'aria-labelledby': 'labels-heading', class: 'panel' });
  const name = el('h1', { tabindex: -1, class: 'file-name' }, job?.file_name ?? file?.name ?? 'The log');
  root.append(
    name,
    bar,
    facts,
    lost,
    el(
      'div',
      { class: 'actions' },
      button('Cancel', () => void cancel(), { id: 'cancel' }),
    ),
    labels,
  );
  let spoken = 0;
  watch(
    ['job', 'upload'],
    (state) => {
      if (state.job?.file_name) name.textContent = state.job.file_name;
      const progress = progressOf(state);
      bar.value = progress;
      facts.textContent = factsOf(state);
      const step = Math.floor(progress * SPOKEN_STEPS);
      if (step > spoken) announce(`${percent(progress)} ${state.upload ? 'sent' : 'labelled'}`);
      spoken = step;
    },
    signal,
  );
  watch(
    ['isConnected'],
    ({ isConnected }) =>
      fill(
        lost,
        !isConnected &&
          el(
            'p',
            { class: 'warning' },
            'The server does not answer. The page keeps trying, and the job goes on when the server is back.',
          ),
      ),
    signal,
  );
  labelBars(labels, signal);
}

/** What is known, in one line. */
function factsOf({ job, upload }) {
  if (upload) return `${bytes(upload.sent)} of ${bytes(upload.total)} sent`;
  if (!job) return 'Looking for the job …';
  if (job.state === 'queued') {
    const before = (job.jobs_waiting ?? 1) - 1;
    return before > 0 ? `Waiting. ${counted(before, 'other job')} waiting too.` : 'Waiting for its turn.';
  }
  const share = progressOf({ job });
  const total = share > 0.02 && share < 1 ? ` of about ${number(roughly(job.rows / share))}` : '';
  const parts = [`${number(job.rows)}${total} lines`];
  if (job.rows_per_second) parts.push(`${number(job.rows_per_second)} a second`);
  if (job.seconds_left !== undefined) parts.push(`${seconds(job.seconds_left)} left`);
  return parts.join(' · ');
}

/** An estimate has two digits that mean something. */
function roughly(count) {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return Math.round(count / unit) * unit;
}
